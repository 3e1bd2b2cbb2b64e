"""Rows A1 to A4 as one document: exported, checked with lines, applied again without change, all or nothing."""

from __future__ import annotations

import pytest
import yaml

from tests.support.builders.attendance import history, open_one, put, set_up, unique_key
from tests.support.builders.configuration import PATH, outcomes, send, shop
from tests.support.problems import refused
from tests.support.stack.system import Client


def test_the_export_applied_again_changes_nothing(ana: Client) -> None:
    made = set_up(ana, standard_texts=[{"id": "um", "name": "Um", "text": "Olá, {{pessoa}}.\nAté logo: não."}])
    exported = ana.request("GET", PATH)
    assert exported.headers["Content-Type"].startswith("application/yaml")
    assert "|-\n" in exported.text, "texts of several lines are blocks"
    assert made.leaf in exported.text
    versions = {one["id"]: one["version"] for one in ana.get("/v1/attendance-types")["items"]}
    answer = send(ana, exported.text)
    assert set(outcomes(answer).values()) == {"unchanged"}
    assert {one["id"]: one["version"] for one in ana.get("/v1/attendance-types")["items"]} == versions
    assert ana.request("GET", PATH).text == exported.text


def test_a_draft_being_drawn_is_neither_exported_nor_published(ana: Client) -> None:
    made = set_up(ana)
    put(ana, f"/v1/workflows/{made.workflow}", {"name": "Reparo", "items": []})
    exported = ana.request("GET", PATH).text
    assert outcomes(send(ana, exported), made.workflow) == {made.workflow: "unchanged"}
    shown = ana.get(f"/v1/workflows/{made.workflow}")
    assert (shown["published"], shown["items"]) == (1, [])


def test_a_changed_workflow_becomes_a_version_and_what_is_not_named_stays(ana: Client) -> None:
    word = unique_key()
    document = shop(word)
    send(ana, document)
    document["centers"].append({"id": f"{word}-meio", "name": "Meio"})
    document["workflows"][0]["items"].insert(1, {"id": "m", "kind": "center", "center_id": f"{word}-meio"})
    del document["types"]
    answer = outcomes(send(ana, document), f"{word}-fluxo", f"{word}-meio", f"{word}-folha")
    assert answer == {f"{word}-fluxo": "changed", f"{word}-meio": "created", f"{word}-folha": "unlisted"}
    assert ana.get(f"/v1/workflows/{word}-fluxo")["published"] == 2
    assert ana.get(f"/v1/attendance-types/{word}-folha")["active"]


def test_problems_come_with_path_and_line_and_nothing_is_applied(ana: Client) -> None:
    word = unique_key()
    text = f"""format: vinculo-attendance/1
centers:
- id: {word}-a
  name: A
- id: {word}-fim
  name: Fim
  ends_the_process: true
workflows:
- id: {word}-w
  name: W
  items:
  - {{id: um, kind: center, center_id: {word}-a}}
  - id: dois
    kind: center
    center_id: sumido
types:
- id: {word}-t
  kind: leaf
  name: T
  parent_id: sumido
"""
    problem = refused(send(ana, text), 422, "configuration_invalid")
    found = {(one["path"], one["line"], one["code"]) for one in problem["params"]["problems"]}
    assert found == {
        ("workflows[0].items[1]", 13, "center_unknown"),
        ("types[0].parent_id", 20, "type_parent_invalid"),
    }
    refused(ana.request("GET", f"/v1/responsibility-centers/{word}-a"), 404, "center_not_found")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x 1\nb: *x\n", "configuration_unreadable"),
        ("format: vinculo-attendance/2\n", "configuration_invalid"),
        ("format: vinculo-attendance/1\ncentres: []\n", "configuration_invalid"),
        ("format: vinculo-attendance/1\ncenters:\n- {id: Um, name: x}\n", "configuration_invalid"),
        ("format: vinculo-attendance/1\ncenters:\n- {id: k, name: x}\n- {id: k, name: y}\n", "configuration_invalid"),
        ("", "configuration_invalid"),
    ],
)
def test_a_document_that_is_none_is_refused(ana: Client, text: str, code: str) -> None:
    refused(send(ana, text), 422, code)
    assert "k" not in [one["id"] for one in ana.get("/v1/responsibility-centers")["items"]]


def test_running_attendances_stay_where_they_are(ana: Client) -> None:
    made = set_up(ana)
    attendance = open_one(ana, made)
    document = yaml.safe_load(ana.request("GET", PATH).text)
    mine = next(one for one in document["workflows"] if one["id"] == made.workflow)
    mine["items"] = [mine["items"][0], mine["items"][-1]]
    assert outcomes(send(ana, document), made.workflow) == {made.workflow: "changed"}
    assert ana.get(f"/v1/attendances/{attendance['id']}") == {k: v for k, v in attendance.items() if k != "created"}
    assert ana.get(f"/v1/attendances/{attendance['id']}/next")["kind"] == "decision"
    assert history(ana, attendance) == []
