"""What was created is found from the answer alone: the document's links lead to operations that are there, with
parameters that are theirs."""

from __future__ import annotations

import json
import re
from typing import Any

from gateway.http.document.answers import operations
from tests.contract.write_openapi import COMMITTED

DOCUMENT: dict[str, Any] = json.loads(COMMITTED.read_text(encoding="utf-8"))
BY_ID = {one["operationId"]: (path, verb) for path, verb, one in operations(DOCUMENT)}
# Nothing reads or changes them one by one.
ALONE = {
    "record_entry", "book_appointment", "create_quote_link", "send_email", "correct_nfe", "upload_whatsapp_file",
    "upload_opening_attachment",
}  # fmt: skip
# Parts: the answer is the whole record, whose id is in the path.
PARTS = {
    "add_address", "add_contact", "add_email", "add_phone", "join_company",
}  # fmt: skip


def linked() -> dict[str, dict[str, Any]]:
    return {one["operationId"]: one["responses"]["201"].get("links", {}) for _, _, one in operations(DOCUMENT)
            if "201" in one["responses"]}  # fmt: skip


def test_each_link_leads_to_an_operation_and_fills_the_parameters_of_its_path() -> None:
    count = 0
    for creates, links in linked().items():
        asked = set(re.findall(r"\{(\w+)\}", BY_ID[creates][0]))
        for name, link in links.items():
            path, verb = BY_ID[link["operationId"]]
            assert verb in ("get", "patch", "put", "delete"), name
            assert set(re.findall(r"\{(\w+)\}", path)) == link["parameters"].keys(), f"{creates}: {name}"
            for parameter, expression in link["parameters"].items():
                if expression != "$response.body#/id":
                    assert expression == f"$request.path.{parameter}"
                    assert parameter in asked, f"{creates} is not asked for {parameter}"
            count += 1
    assert count > 50


def test_whoever_creates_a_record_with_an_id_is_told_where_it_is() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    without = set()
    for path, _, one in operations(DOCUMENT):
        answer = one["responses"].get("201", {}).get("content", {}).get("application/json", {}).get("schema", {})
        properties = schemas.get(answer.get("$ref", "").rpartition("/")[2], {}).get("properties", {})
        if "id" in properties and not linked()[one["operationId"]]:
            without.add(one["operationId"])
            assert path
    assert without == ALONE | PARTS


def test_a_record_that_is_made_under_another_is_found_by_its_own_address() -> None:
    links = linked()
    assert links["open_attendance"]["get_attendance"]["parameters"] == {"attendance_id": "$response.body#/id"}
    assert links["create_tag"]["change_tag"]["parameters"] == {
        "flow_id": "$request.path.flow_id",
        "tag_id": "$response.body#/id",
    }
