"""If-Match is compared wherever it is sent, and refused where nobody would compare it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from bson.decimal128 import Decimal128
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import fields

from gateway.http.document.answers import operations
from services.chassis.access import sections
from services.chassis.access.context import seal, unseal
from services.chassis.access.visibility import Sight
from services.chassis.errors import Conflict, Invalid
from services.chassis.handling.changed_fields import translate_changed_fields
from services.chassis.references import Reference
from services.chassis.schemas import Result
from services.chassis.storage.changes import changed, from_bson, last_change, next_change, to_bson
from services.chassis.storage.expected_version import ExpectedVersion
from tests.contract.write_openapi import document
from tests.support.fakes.gateway import FakeBus, app, bearer, bus, client, made, problem
from tests.support.stack.wire_keys import WireKeys

__all__ = ["app", "bus", "client", "made"]


@pytest.mark.parametrize("record", [{"_id": "o1"}, {"_id": "x", "key": "o1"}, {"_id": "o1:settings"}])
def test_the_record_that_is_read_must_be_the_one_that_was_seen(record: dict[str, Any]) -> None:
    seen = ExpectedVersion("o1", 3)
    seen.compare({**record, "version": 3})
    seen.compare({**record, "version": 4})  # what the command wrote
    seen.require_compared({"version": 4})
    with pytest.raises(Conflict) as refused:
        ExpectedVersion("o1", 3).compare({**record, "version": 5})
    assert refused.value.code == "version_changed"
    assert refused.value.params == {"version": 5, "seen": 3}


def test_other_records_and_copies_say_nothing_of_it() -> None:
    seen = ExpectedVersion("o1", 3)
    for other in ({"_id": "o2", "version": 9}, {"_id": "o1", "sequence": 9}, {"_id": "o11", "version": 9}):
        seen.compare(other)
    with pytest.raises(Invalid) as refused:
        seen.require_compared({"version": 3})
    assert refused.value.code == "if_match_unexpected"


def test_what_is_written_for_the_first_time_was_seen_in_version_0() -> None:
    ExpectedVersion("c1", 0).require_compared({"version": 1})
    with pytest.raises(Conflict):
        ExpectedVersion("c1", 3).require_compared({"version": 1})
    for version, answer in ((0, {"version": 2}), (1, {"id": "x"}), (0, None)):
        with pytest.raises(Invalid):
            ExpectedVersion("c1", version).require_compared(answer)


@pytest.mark.parametrize(
    ("verb", "path", "body", "record"),
    [
        ("PATCH", "/v1/opportunities/o1", {"subject": "x"}, "o1"),
        ("POST", "/v1/opportunities/o1/archive", {}, "o1"),
        ("DELETE", "/v1/flows/f1", {}, "f1"),
        ("POST", "/v1/quotes/q1/versions/2/approve", {}, "q1"),
        ("PATCH", "/v1/settings/attendance", {"near_due_days": 3}, "c1"),
        ("PATCH", "/v1/company", {"name": "x"}, "c1"),
        ("PATCH", "/v1/settings/sales", {"idle_days": 3}, "c1"),
        ("PATCH", "/v1/stages/s1", {"name": "x"}, "c1"),
        ("DELETE", "/v1/markers/m1", {}, "c1"),
        ("POST", "/v1/lost-reasons/l1/archive", {}, "c1"),
        ("PUT", "/v1/opportunities/o1/stage", {"stage_id": "s1"}, "o1"),
        ("PATCH", "/v1/flows/f1/tags/t1", {"name": "x"}, "f1"),
        ("PATCH", "/v1/roles/r1", {"name": "x"}, "r1"),
        ("PATCH", "/v1/users/u1", {"name": "x"}, "u1"),
        ("DELETE", "/v1/commission-rates/r1", {}, "r1"),
        ("DELETE", "/v1/mail-account", {}, "c1"),
        ("PUT", "/v1/settings/fiscal-certificate", {"pkcs12": "x", "password": "secret"}, "c1"),
    ],
)
def test_the_version_goes_with_the_command_for_the_record_of_the_path(
    client: FlaskClient, bus: FakeBus, verb: str, path: str, body: dict[str, Any], record: str
) -> None:
    answer = client.open(path, method=verb, json=body, headers={**bearer(), "If-Match": '"7"'})
    assert answer.status_code == 200, answer.text
    context = bus.calls[0][3]
    assert context.seen == {"record": record, "version": 7}
    keys = WireKeys()
    service = f"{bus.calls[0][0]}.x"
    carried = unseal(seal(context, service, b"{}", keys.ring()), service, b"{}", keys.ring(bus.calls[0][0]))
    assert carried.seen == context.seen


def test_a_command_that_takes_a_version_gets_it_once(client: FlaskClient, bus: FakeBus) -> None:
    client.patch("/v1/persons/p1", json={"name": "Maria"}, headers={**bearer(), "If-Match": '"7"'})
    client.put("/v1/settings/attendance-options", json={}, headers={**bearer(), "If-Match": 'W/"7"'})
    assert len(bus.calls) == 2
    for _, _, data, context in bus.calls:
        assert data["version"] == 7
        assert context.seen is None


def test_without_it_or_with_any_nothing_is_compared(client: FlaskClient, bus: FakeBus) -> None:
    for headers in ({}, {"If-Match": "*"}):
        client.post("/v1/opportunities/o1/archive", headers={**bearer(), **headers})
    assert [call[3].seen for call in bus.calls] == [None, None]


@pytest.mark.parametrize("sent", ["7", '"a"', '"7", "8"', ""])
def test_what_is_no_version_is_refused(client: FlaskClient, bus: FakeBus, sent: str) -> None:
    answer = client.post("/v1/opportunities/o1/archive", headers={**bearer(), "If-Match": sent})
    problem(answer, 422, "if_match_invalid")
    assert bus.calls == []


def test_every_route_compares_it_or_refuses_it(app: Flask, client: FlaskClient, bus: FakeBus) -> None:
    refused = 0
    for path, verb, operation in operations(document()):
        if "412" in operation["responses"]:
            continue
        at = path.replace("{number}", "1").replace("{code}", "1").replace("{", "").replace("}", "")
        answer = client.open(at, method=verb.upper(), headers={**bearer(), "If-Match": '"1"'})
        assert problem(answer, 422, "if_match_unexpected"), at
        refused += 1
    assert refused > 150
    assert bus.calls == []
    problem(client.get("/v1/persons", headers={"If-Match": '"1"'}), 401, "token_missing")


def versioned(operation: dict[str, Any], schemas: dict[str, Any]) -> bool:
    contents = [answer.get("content", {}) for status, answer in operation["responses"].items() if status[0] == "2"]
    names = [one["schema"].get("$ref", "").rpartition("/")[2] for content in contents for one in content.values()]
    return any("version" in schemas[name].get("properties", {}) for name in names if name)


# Made under a record: what is answered is another one, and new; or chosen, and not changed.
MAKES = {
    "create_quote", "create_quote_of_opportunity", "create_action", "request_nfe", "duplicate_attendance",
    "merge_persons", "put_contract", "put_receivable", "put_service_order", "put_service_invoice",
    "book_appointment", "place_order", "create_opportunity", "open_attendance", "unmerge_person", "choose_template",
    "create_quote_link", "join_company",
}  # fmt: skip


# Of what is answered nothing changes: a password is in no answer, and nobody has seen the one before.
SETS_A_SECRET = {"reset_password"}

# One's own draft, thrown away as it is; If-Match is refused there.
DISCARDS = {"discard_attendance_draft", "discard_person_draft"}


def test_every_edit_of_a_record_with_a_version_compares_it() -> None:
    """Where the answer has a version and the path an id, or where what can be read with its version is deleted."""
    found = document()
    schemas = found["components"]["schemas"]
    for path, verb, operation in operations(found):
        if verb == "get" or "{" not in path or operation["operationId"] in MAKES | DISCARDS | SETS_A_SECRET:
            continue
        read = found["paths"].get(path, {}).get("get") if verb == "delete" else None
        if versioned(operation, schemas) or (read is not None and versioned(read, schemas)):
            assert "412" in operation["responses"], operation["operationId"]


def edits() -> list[tuple[str, str, dict[str, Any]]]:
    found = [(path, verb, operation) for path, verb, operation in operations(document())
             if verb in ("put", "patch", "delete") and "412" in operation["responses"]]  # fmt: skip
    assert len(found) > 35
    return found


# Compares If-Match where it is there. A draft is written while it is typed, and made by the first writing: who makes it
# has seen no version. Tags are ordered by who holds the lock.
MAY_SAY_NONE = {"save_attendance_draft", "save_person_draft", "order_tags", "release_tag_ordering"}


def test_every_edit_of_a_record_with_a_version_needs_if_match_and_the_document_says_so() -> None:
    for path, verb, operation in operations(document()):
        said = [one for one in operation.get("parameters", ()) if one.get("name") == "If-Match"]
        edit = verb in ("put", "patch", "delete") and "412" in operation["responses"]
        edit = edit and operation["operationId"] not in MAY_SAY_NONE
        assert [one["required"] for one in said] == ([edit] if "412" in operation["responses"] else []), path
        assert ("428" in operation["responses"]) == edit, path


def test_an_edit_that_does_not_say_what_it_has_seen_is_refused_before_anything_is_asked(
    client: FlaskClient, bus: FakeBus
) -> None:
    for path, verb, operation in edits():
        at = path.replace("{number}", "1").replace("{", "").replace("}", "")
        refused = client.open(at, method=verb.upper(), json={}, headers=bearer())
        if operation["operationId"] in MAY_SAY_NONE:
            assert refused.status_code != 428, at
            continue
        said = problem(refused, 428, "precondition_required")
        assert "ETag" in said["detail"], at
        any_version = client.open(at, method=verb.upper(), json={}, headers={**bearer(), "If-Match": "*"})
        assert any_version.status_code != 428, at


def test_who_is_not_signed_in_is_told_that_first(client: FlaskClient) -> None:
    problem(client.patch("/v1/persons/p1", json={}), 401, "token_missing")


def test_a_changed_record_says_who_made_it_what_it_is_and_when() -> None:
    at = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
    change = {"version": 5, "by": {"id": "u2", "name": "Bia"}, "at": at}
    with pytest.raises(Conflict) as refused:
        ExpectedVersion("o1", 3).compare({"_id": "o1", "version": 5, "_change": change})
    assert refused.value.params["changed_by"] == {"id": "u2", "name": "Bia"}
    assert refused.value.params["changed_at"] == at.isoformat()
    with pytest.raises(Conflict) as refused:
        ExpectedVersion("o1", 3).compare({"_id": "o1", "version": 6, "_change": change})
    assert refused.value.params.keys() == {"version", "seen"}, "version 6 was written by who did not say so"


FIRST = {"_id": "o1", "version": 1, "title": "Bolo", "flow_id": None, "seen_by": ["u1"]}


def later(before: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The record after another change, as the database keeps it."""
    change = {"by": {"id": "u2", "name": "Bia"}, "at": dt.datetime(2026, 11, 24, tzinfo=dt.UTC)}
    after = {**before, **fields, "version": before["version"] + 1}
    kept = {name: value for name, value in after.items() if name not in ("_id", "_change")}
    was = from_bson(to_bson(before))
    return {**after, "_change": next_change(was, changed(was, kept), after["version"], change)}


def changed_since(record: dict[str, Any], seen: int) -> Any:
    return last_change(record, record["version"], seen).get("changed_fields")


def test_a_changed_record_says_which_fields_are_not_as_they_were() -> None:
    second = later(FIRST, title="Bolo de festa", stage=("a",))
    third = later(later(second, flow_id="f1"), title="Bolo de casamento")
    assert changed_since(second, 1) == ["stage", "title"]
    assert changed_since(third, 1) == ["flow_id", "stage", "title"]
    assert changed_since(third, 2) == ["flow_id", "title"]
    assert changed_since(later(third), 4) == [], "written again as it was"


@pytest.mark.parametrize(
    ("was", "is_now"),
    [
        (1, 1.0),
        (1, True),
        (None, ""),
        ([1], [1.0]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (Decimal128("1.0"), Decimal128("1.00")),
        (dt.datetime(2026, 11, 24, tzinfo=dt.UTC), dt.datetime(2026, 11, 25, tzinfo=dt.UTC)),
    ],
)
def test_a_field_has_changed_where_it_is_stored_otherwise(was: Any, is_now: Any) -> None:
    assert changed({"amount": was}, {"amount": is_now, "version": 2}) == ["amount"]
    assert changed({"amount": was}, {"amount": was, "version": 2}) == []


def test_what_was_changed_by_who_did_not_say_it_is_not_made_up() -> None:
    """By the version before of the program, or by what changes many records at once."""
    unsaid = {**later(FIRST, title="Bolo de festa"), "version": 3}
    known_again = later(unsaid, flow_id="f1")
    assert changed_since(unsaid, 1) is None
    assert changed_since(known_again, 1) is None
    assert changed_since(known_again, 3) == ["flow_id"]
    assert next_change(None, (), 5, {"by": {}}) == {"by": {}, "version": 5}


def test_fields_are_told_by_the_apis_names_and_those_that_no_answer_shows_are_not_told() -> None:
    class Answer(Result):
        subject = fields.String(attribute="title")
        flow = Reference("flows")
        amount = fields.String(metadata=sections.of("sales"))
        version = fields.Integer()

    class Apart(Result):
        subject = fields.String(attribute="title")

    class OneOfTheList(Result):
        name = fields.String()
        version = fields.Integer()

    def told(answer: type[Result], sight: Sight) -> dict[str, Any]:
        refusal = Conflict("version_changed", changed_fields=["amount", "flow_id", "search_key", "title"])
        translate_changed_fields(refusal, answer, sight)
        return refusal.params

    assert told(Answer, Sight("u1")) == {"changed_fields": ["amount", "flow", "subject"]}
    assert told(Answer, Sight("u1", {"section": ("attendances",)})) == {"changed_fields": ["flow", "subject"]}
    assert told(Apart, Sight("u1")) == told(OneOfTheList, Sight("u1")) == {}


def test_the_problem_tells_it_for_programs(client: FlaskClient, bus: FakeBus) -> None:
    who = {"id": "u2", "name": "Bia"}
    params = {"version": 5, "seen": 3, "changed_by": who, "changed_at": "2026-11-24T15:00:00+00:00"}
    params["changed_fields"] = ["subject"]
    bus.answer = Conflict("version_changed", "Mudou.", **params)
    answer = client.patch("/v1/opportunities/o1", json={}, headers={**bearer(), "If-Match": '"3"'})
    said = problem(answer, 412, "version_changed")
    assert (said["current_version"], said["changed_by"], said["changed_fields"]) == (5, who, ["subject"])
    assert said["changed_at"] == "2026-11-24T15:00:00+00:00"
