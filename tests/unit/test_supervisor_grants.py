"""A supervisor's grant is for what was shown: the action, the record, and every field of the body."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st

from gateway.config import Config
from gateway.http import grants, tokens
from gateway.http.grants import GrantTarget
from services.chassis.errors import Forbidden
from tests.support.stack.wire_keys import WireKeys

CLAIMS = {"sub": "u1", "company": "c1"}
ITEM = {"product": "PLANO", "price": "50.00", "quantity": 1}
BODY: dict[str, Any] = {"items": [ITEM], "terms": {"count": 2}, "notes": None}
ACTION = "sales.close_opportunity_as_won"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
bodies = st.dictionaries(st.text(), json_values, max_size=4)


@pytest.fixture(scope="module")
def config() -> Config:
    return Config("amqp://localhost", WireKeys().ring(), "j" * 32, 5.0, 2.0, 900, 10)


def granted(config: Config, target: GrantTarget) -> str:
    approval = {**vars(target), "id": "a1", "supervisor_id": "u2", "supervisor_name": "Bia", "seconds": 60}
    return grants.issue(config, CLAIMS, approval)


def told(config: Config, grant: str, target: GrantTarget, claims: dict[str, str] = CLAIMS) -> str:
    try:
        return grants.read(config, grant, claims, target)["name"]
    except Forbidden as refusal:
        return refusal.code


def target(path: str, body: Any, action: str = ACTION) -> GrantTarget:
    """Of a request as it comes."""
    app = Flask("test")
    for rule in ("/v1/o", "/v1/o/<string:one>/close", "/v1/o/<string:one>/items/<string:two>"):
        app.add_url_rule(rule, endpoint=rule, methods=["POST"])
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    with app.test_request_context(path, method="POST", data=data, content_type="application/json"):
        return grants.target_of(request, action)


def test_it_is_for_the_action_the_record_and_the_body_that_were_shown(config: Config) -> None:
    grant = granted(config, GrantTarget(ACTION, "o1", grants.digest_of(BODY)))
    assert told(config, grant, target("/v1/o/o1/close", BODY)) == "Bia"
    turned = dict(reversed(BODY.items()))
    assert told(config, grant, target("/v1/o/o1/close", json.dumps(turned, indent=2).encode())) == "Bia"
    assert told(config, grant, target("/v1/o/o2/close", BODY)) == "grant_for_another_action"
    assert told(config, grant, target("/v1/o", BODY)) == "grant_for_another_action"
    assert told(config, grant, target("/v1/o/o1/close", BODY, "sales.reopen")) == "grant_for_another_action"
    for other in ({}, None, [], b"", b"{", b"\xff", {**BODY, "notes": ""}, {**BODY, "more": None}, [BODY]):
        assert told(config, grant, target("/v1/o/o1/close", other)) == "grant_for_another_body"


def test_it_is_for_the_user_who_asked_in_the_company_where_they_asked(config: Config) -> None:
    shown = GrantTarget(ACTION, "o1", grants.digest_of(BODY))
    grant = granted(config, shown)
    for other in ({"sub": "u3"}, {"company": "c2"}, {"sub": "u3", "company": "c2"}):
        assert told(config, grant, shown, {**CLAIMS, **other}) == "grant_invalid"
    assert told(config, f"{grant[:-4]}AAAA", shown) == "grant_invalid"
    assert told(config, tokens.encode(config, tokens.AUDIENCE, 60, dict(CLAIMS)), shown) == "grant_invalid"


def test_the_record_is_the_last_that_the_path_names() -> None:
    assert target("/v1/o/o1/items/i1", {}).subject == "i1"
    assert target("/v1/o/i1/items/o1", {}).subject == "o1"
    assert target("/v1/o/same/items/same", {}).subject == "same"
    assert target("/v1/o", {}).subject is None


def test_no_body_counts_as_an_empty_one() -> None:
    assert target("/v1/o/o1/close", b"") == target("/v1/o/o1/close", {})


@given(bodies, bodies)
def test_two_bodies_have_one_digest_only_where_they_are_the_same_json(one: Any, other: Any) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (grants.digest_of(one) == grants.digest_of(other)) is same


def test_where_the_path_names_no_record_it_is_for_none(config: Config) -> None:
    grant = granted(config, GrantTarget(ACTION, None, grants.digest_of(BODY)))
    assert told(config, grant, target("/v1/o", BODY)) == "Bia"
    assert told(config, grant, target("/v1/o/o1/close", BODY)) == "grant_for_another_action"


@pytest.mark.parametrize(
    "changed",
    [
        {"items": []},
        {"items": [{"product": "PLANO", "price": "49.99", "quantity": 1}]},
        {"items": [{"product": "PLANO", "price": "50.00", "quantity": "1"}]},
        {"items": BODY["items"] * 2},
        {"terms": {"count": 3}},
        {"terms": {}},
        {"notes": False},
        {"Notes": None},
    ],
)
def test_any_field_that_changes_refuses_it(config: Config, changed: dict[str, Any]) -> None:
    grant = granted(config, GrantTarget(ACTION, "o1", grants.digest_of(BODY)))
    assert told(config, grant, target("/v1/o/o1/close", {**BODY, **changed})) == "grant_for_another_body"


def test_a_grant_that_names_no_body_is_none(config: Config) -> None:
    """As those were that were given before bodies counted."""
    approval = {"jti": "a1", **CLAIMS, "supervisor": {"id": "u2", "name": "Bia"}, "action": ACTION, "subject": None}
    old = tokens.encode(config, grants.AUDIENCE, 60, approval)
    assert told(config, old, GrantTarget(ACTION, None, grants.digest_of({}))) == "grant_invalid"
