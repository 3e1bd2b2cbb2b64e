"""Whether an answer is as the document promises: the check itself, seen to pass and to fail."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from tests.support.promised import broken_promises

LISTS: dict[str, list[str]] = {
    name: [] for name in ("addresses", "categories", "characteristics", "contacts", "emails", "phones", "warnings")
}
NULLS = ("document", "inactivated_at", "inactive_reason", "state_registration", "state_registration_state")
TEXTS = {"id": "p1", "name": "Maria", "short_name": "", "trade_name": "", "created_at": "2026-11-29T12:00:00+00:00"}
MADE = {**LISTS, **dict.fromkeys(NULLS), **TEXTS, "code": 1, "active": True, "version": 1}
PROBLEM = {"type": "urn:x", "title": "t", "status": 422, "code": "c", "detail": "d", "request_id": "r"}


def answer(status: int, body: Any, kind: str = "application/json", at: str = "POST /v1/persons",
           location: str = "/v1/persons/p1") -> requests.Response:  # fmt: skip
    verb, path = at.split()
    made = requests.Response()
    made.status_code, made.headers["Content-Type"] = status, kind
    made.headers["Location"] = location
    made._content = json.dumps(body).encode()
    made.request = requests.Request(verb, f"http://127.0.0.1{path}?a=b").prepare()
    return made


def test_what_is_promised_passes() -> None:
    assert broken_promises(answer(201, MADE)) == []
    assert broken_promises(answer(422, PROBLEM, "application/problem+json; charset=utf-8")) == []
    assert broken_promises(answer(200, {}, at="GET /v2/unknown")) == []


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (418, PROBLEM, "application/problem+json"),
        (500, PROBLEM, "application/problem+json"),
        (201, {**MADE, "name": None}, "application/json"),
        (201, {**MADE, "id": 1}, "application/json"),
        (201, {name: MADE[name] for name in MADE if name != "document"}, "application/json"),
        (201, [], "application/json"),
        (201, MADE, "text/html"),
        (422, {**PROBLEM, "code": None}, "application/problem+json"),
        (422, {}, "application/problem+json"),
        (422, PROBLEM, "application/json"),
    ],
)
def test_what_is_not_promised_is_named(status: int, body: Any, kind: str) -> None:
    assert broken_promises(answer(status, body, kind)) != []


@pytest.mark.parametrize("location", ["", "/v1/persons/p2", "/v1/nowhere/p1", "/v1/persons/p1/merge"])
def test_an_address_that_does_not_lead_to_what_was_made_is_named(location: str) -> None:
    assert broken_promises(answer(201, MADE, location=location)) == [f"post /v1/persons 201: Location {location!r}"]


def test_a_fixed_path_goes_before_one_that_would_take_its_words_for_an_id() -> None:
    found = broken_promises(answer(418, {}, at="GET /v1/opportunities/archived"))
    assert found == ["get /v1/opportunities/archived: status 418 is not promised"]
