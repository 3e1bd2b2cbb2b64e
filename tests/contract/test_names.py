"""One way of naming, in the whole document (docs/adr/0039): who did it, what it refers to, when it is due, its state,
what it is about, where settings are, how lists are filtered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.http.document.answers import operations
from tests.contract.write_openapi import COMMITTED

DOCUMENT: dict[str, Any] = json.loads(COMMITTED.read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
WHO, NAMED = "Who", "Named"
# What a screen shows by its name, wherever an answer refers to it.
THINGS = (
    "assignee", "billing_workflow", "category", "center", "cycle", "default_type", "flow", "lost_reason", "next_user",
    "opportunity_type", "parent", "production_type", "responsible", "seller", "stage", "standard_text", "template",
    "type", "user", "workflow",
)  # fmt: skip
# Several of a kind, likewise.
LISTS_OF_THINGS = ("categories", "characteristics", "roles", "tags", "users")
# What an answer names by an id alone, and why no screen needs a name beside it.
LINKED = {
    "account_id": "which mail account sent; a log for programs",
    "address_id": "an address of the same answer",
    "aggregate_id": "of any kind, as the event's type says",
    "attendance_id": "a link: the screen it leads to shows the subject",
    "authserv_id": "of a mail server, not of a record",
    "business_account_id": "of Meta, as its console shows it",
    "closing_id": "a link, by number elsewhere",
    "contract_id": "a link, beside the contract's number and its person",
    "delivery_id": "the delivery that a message answers, a link",
    "entry_id": "a link within the attendance or account that is shown",
    "event_id": "an event of the feed has no name",
    "item_id": "an item of the workflow, in the database's words; its center is named",
    "link_id": "a link of a quote has no name",
    "mailing_id": "a link: the screen it leads to shows the subject",
    "message_id": "the Message-ID of a mail",
    "nfe_id": "a link: the NF-e's own screen shows number and series",
    "opportunity_id": "a link: the screen it leads to shows the subject",
    "order_id": "a link, beside the order's number or on the order's own screen",
    "phone_number_id": "of Meta, as its console shows it",
    "quote_id": "a link, on the quote's own screens",
    "receivable_id": "a link, beside its instalment",
    "request_id": "of a request, for the logs",
    "service_order_id": "a link, by number elsewhere",
    "session_id": "of a session that has ended",
    "source_id": "in the words of the system that it came from, or a link",
}
# What a request calls by such a word and is no record.
TEXTS = {
    "ChangeMailing.responsible": "a company, as recipients read it",
    "CreateMailing.responsible": "a company, as recipients read it",
    "NewWhatsAppMessage.template": "the whole choice: name, language and values",
}
# Items of lists of many persons' records that name no person.
OF_NO_PERSON = {
    "CommissionEntry": "of the account that is asked for",
}
# Of RFC 9457, and of what a problem tells for programs.
OTHERS = {"Problem"}


def _refs(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"].rpartition("/")[2]
        for inner in part.values():
            yield from _refs(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _refs(inner)


def _answered() -> set[str]:
    """The schemas of answers, however deep."""
    found: set[str] = set()
    waiting = [name for _, _, one in operations(DOCUMENT) for name in _refs(one["responses"])]
    while waiting:
        name = waiting.pop()
        if name in SCHEMAS and name not in found | OTHERS:
            found.add(name)
            waiting += _refs(SCHEMAS[name])
    return found


def properties(answers: bool = True) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Schema, property and what is said of it: of answers, or of all."""
    for name in sorted(_answered() if answers else SCHEMAS.keys() - OTHERS):
        for field, said in SCHEMAS[name].get("properties", {}).items():
            yield name, field, said


def parameters() -> Iterator[tuple[str, str]]:
    for path, verb, operation in operations(DOCUMENT):
        for parameter in operation.get("parameters", ()):
            if parameter.get("in") == "query":
                yield f"{verb} {path}", parameter["name"]


def _items_within(page: str) -> Iterator[str]:
    """What the lists of an answer hold, however deep they lie in it."""
    for field, said in SCHEMAS[page].get("properties", {}).items():
        for name in _refs(said):
            if field == "items":
                yield name
            if field == "items" or "items" in SCHEMAS[name].get("properties", {}):
                yield from _items_within(name)
                yield from _refs(SCHEMAS[name].get("properties", {}).get("attendance", {}))


def _formats(said: dict[str, Any]) -> set[str]:
    return {found for one in (said, *said.get("anyOf", ())) if (found := one.get("format"))}


def test_the_walk_sees_the_whole_document() -> None:
    assert len(list(properties())) > 900
    assert len(list(parameters())) > 150
    assert {"Attendance", "Opportunity", "Who", "Named"} <= _answered()


def test_who_did_something_is_an_id_and_a_name() -> None:
    wrong = [f"{name}.{field}" for name, field, said in properties()
             if re.fullmatch(r"(.*_)?by", field) and set(_refs(said)) != {WHO}]  # fmt: skip
    assert wrong == []
    beside = [f"{name}.{field}" for name, field, _ in properties(answers=False)
              if re.search(r"(^|_)by_(name|id)$|^author(_|$)|^user_name$|^actor$", field)]  # fmt: skip
    assert beside == []


def test_what_a_screen_shows_by_name_is_never_an_id_alone() -> None:
    alone = [
        f"{name}.{field}" for name, field, _ in properties() if field.removesuffix("_id") in THINGS and "_id" in field
    ]
    assert alone == []
    beside = [f"{name}.{field}" for name, field, _ in properties() if field.removesuffix("_name") in (*THINGS, "person")
              and field.endswith("_name") and name not in ("ServiceOrder", "ServiceOrderDetails")]  # fmt: skip
    assert beside == []
    objects = {field for _, field, said in properties() if field in THINGS and {WHO, NAMED} & set(_refs(said))}
    assert objects == set(THINGS), "each of them is answered somewhere"


def test_lists_of_what_a_screen_shows_are_never_lists_of_ids() -> None:
    alone = [f"{name}.{field}" for name, field, said in properties()
             if field in LISTS_OF_THINGS and "string" in str(said.get("items", {}).get("type"))]  # fmt: skip
    assert alone == []
    named = {field for _, field, said in properties() if field in LISTS_OF_THINGS and _refs(said)}
    assert named == set(LISTS_OF_THINGS), "each of them is answered somewhere"


def test_every_other_id_of_an_answer_has_its_reason() -> None:
    """A new one is `{id, name}`, or says here why no screen shows its name."""
    alone = {field for _, field, _ in properties() if re.fullmatch(r".+_ids?", field)} - {"person_id"}
    assert alone == LINKED.keys()


def test_lists_of_many_persons_records_name_them() -> None:
    """A list of one record's has its person on the screen already."""
    items = {name for path, verb, one in operations(DOCUMENT) if verb == "get" and "{" not in path
             for page in _refs(one["responses"].get("200", {})) for name in _items_within(page)}  # fmt: skip
    of_persons = {name: SCHEMAS[name]["properties"].keys() for name in items if "properties" in SCHEMAS[name]}
    unnamed = {name for name, fields in of_persons.items() if "person_id" in fields and "person" not in fields}
    assert {"CompanyOrder", "CompanyQuote", "CompanyAction", "CompanyAttendance", "AgendaAppointment", "Nfe"} <= items
    assert unnamed == OF_NO_PERSON.keys()


def test_requests_name_a_record_by_its_id() -> None:
    """`<thing>_id` and `<thing>_ids`, in bodies and queries; a thing's own word is of answers."""
    waiting = [name for _, _, one in operations(DOCUMENT) for name in _refs(one.get("requestBody", {}))]
    asked = set[str]()
    while waiting:
        name = waiting.pop()
        if name not in asked:
            asked.add(name)
            waiting += _refs(SCHEMAS[name])
    assert {"RegisterPerson", "CreateUser", "AudienceFilter", "ImportChoices"} <= asked
    things = {*THINGS, *LISTS_OF_THINGS, "characteristic"}
    wrong = [f"{name}.{thing}" for name in asked for thing in things & SCHEMAS[name].get("properties", {}).keys()]
    wrong += [f"{where}?{name}" for where, name in parameters() if name in things]
    assert set(wrong) == TEXTS.keys()


def test_a_due_day_and_a_due_moment_have_one_name_each() -> None:
    for name, field, said in properties(answers=False):
        if "due" in field and "date" in _formats(said):
            assert field.endswith("due_on"), f"{name}.{field}"
        if "due" in field and "date-time" in _formats(said):
            assert field == "due_at", f"{name}.{field}"
        assert field not in ("due_date", "due"), f"{name}.{field}"


@pytest.mark.parametrize(("word", "instead"), [("status", "state"), ("situation", "state"), ("title", "subject")])
def test_one_thing_has_one_word(word: str, instead: str) -> None:
    found = [f"{name}.{field}" for name, field, _ in properties(answers=False) if field == word]
    found += [f"{where}?{name}" for where, name in parameters() if name == word]
    found += [path for path in DOCUMENT["paths"] if path.rpartition("/")[2] == word]
    assert found == [], f"it is called {instead}"


def test_settings_are_in_one_place() -> None:
    for path in DOCUMENT["paths"]:
        if re.search(r"settings|configuration|certificate|-options", path):
            assert path.startswith("/v1/settings/"), path


def test_lists_are_asked_alike() -> None:
    """`state`, `from`, `to`, `user_id`, `cursor`, `limit`: whatever it is a list of."""
    other = re.compile(r"(.+_)?(since|until|before|after)|.+_(from|to)|(assignee|responsible|seller|created_by)(_id)?|"
                       r"include_closed|page|offset|per_page|size")  # fmt: skip
    assert [f"{where}?{name}" for where, name in parameters() if other.fullmatch(name)] == []


def test_a_list_answers_items_and_if_it_has_pages_a_cursor() -> None:
    for path, verb, operation in operations(DOCUMENT):
        schema = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        answer = SCHEMAS.get(next(_refs(schema), ""), {}).get("properties", {})
        assert schema.get("type") != "array", f"{verb} {path}"
        asked = {parameter["name"] for parameter in operation.get("parameters", ()) if parameter.get("in") == "query"}
        if "cursor" in asked:
            assert {"items", "next_cursor"} <= answer.keys(), f"{verb} {path}"
            assert "limit" in asked, f"{verb} {path}"
        if "next_cursor" in answer and verb == "get":
            assert "cursor" in asked, f"{verb} {path}"
