"""Row P9: other systems come with a key: scoped, expiring, shown once, revoked within seconds."""

from __future__ import annotations

import datetime as dt
from unittest.mock import patch

import pytest

from services.people.keys import model
from tests.support.builders import people, users
from tests.support.builders.keys import ask, create, in_days
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


def test_a_key_is_shown_once_and_kept_as_a_digest(system: System, ana: Client) -> None:
    key = create(ana, "people.read")
    assert key["key"].startswith("vk_")
    secret = key["key"].rsplit(".", 1)[1]
    shown = ana.get(f"/v1/keys/{key['id']}")
    assert "key" not in shown
    assert not {"digest", "secret"} & shown.keys()
    database = system.mongo("people")
    for collection in database.list_collection_names():
        assert not any(secret in str(document) for document in database[collection].find()), collection


def test_the_last_use_is_noted(system: System, ana: Client) -> None:
    key = create(ana, "people.read")
    assert key["last_used_at"] is None
    for _ in range(3):
        assert ask(system, key["key"]).ok
    first = ana.get(f"/v1/keys/{key['id']}")["last_used_at"]
    assert first is not None
    assert ana.get(f"/v1/keys/{key['id']}")["last_used_at"] == first
    assert key["id"] in {item["id"] for item in ana.get("/v1/keys", params={"limit": 100})["items"]}


def test_an_expired_key_is_refused(system: System, ana: Client) -> None:
    key = create(ana, "people.read")
    past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    system.mongo("people")["keys"].update_one({"_id": key["id"]}, {"$set": {"expires_at": past}})
    refused(ask(system, key["key"]), 401, "key_expired")


def test_what_is_no_key_of_ours_is_refused(system: System, ana: Client, bruno: Client) -> None:
    key = create(ana, "people.read")["key"]
    company = bruno.session["company"]["id"]
    head, secret = key.rsplit(".", 1)
    forged = ("vk_", "x", f"{head}.{'A' * 43}", f"vk_{company}.{head.split('.')[1]}.{secret}", key + "x", key[:-1])
    for text in forged:
        refused(ask(system, text), 401, "key_invalid")


def test_a_company_has_so_many_keys_at_once(bruno: Client) -> None:
    create(bruno, "people.read")
    body = {"name": "Mais uma", "permissions": ["people.read"], "expires_at": in_days(1)}
    with patch.object(model, "MOST_LIVE", 1):
        refused(bruno.request("POST", "/v1/keys", json=body), 409, "keys_full")


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_key_ends_within_a_year(ana: Client, days: int) -> None:
    body = {"name": "x", "permissions": ["people.read"], "expires_at": in_days(days)}
    field_refused(ana.request("POST", "/v1/keys", json=body), "expires_at")


@pytest.mark.parametrize("permission", ["people.administer", "sales.supervise", "people.own", "nothing.read"])
def test_a_key_neither_administers_nor_approves(ana: Client, permission: str) -> None:
    body = {"name": "x", "permissions": [permission], "expires_at": in_days(1)}
    refused(ana.request("POST", "/v1/keys", json=body), 422, "permission_unknown")


def test_a_key_belongs_to_one_company(system: System, ana: Client, bruno: Client) -> None:
    person = ana.register(people.unique_word())["id"]
    key = create(bruno, "people.read")
    refused(ask(system, key["key"], path=f"/v1/persons/{person}"), 404, "person_not_found")
    for method in ("GET", "DELETE"):
        refused(ana.request(method, f"/v1/keys/{key['id']}"), 404, "key_not_found")
    assert key["id"] not in {item["id"] for item in ana.get("/v1/keys", params={"limit": 100})["items"]}


def test_a_deactivated_administrator_gives_nothing_and_their_keys_are_revoked_together(
    system: System, ana: Client
) -> None:
    """The token is good for minutes yet."""
    user = users.create(ana, "admin")
    other = users.as_user(system, user)
    made = create(other, "people.read")
    assert ana.patch(f"/v1/users/{user['id']}", {"active": False})["live_keys"] == 1
    body = {"name": "x", "permissions": ["people.read"], "expires_at": in_days(1)}
    refused(other.request("POST", "/v1/keys", json=body), 403, "membership_missing")
    listed = ana.get("/v1/keys", params={"user_id": user["id"]})["items"]
    assert [(key["id"], key["maker"]) for key in listed] == [(made["id"], "inactive")]
    assert ana.delete(f"/v1/users/{user['id']}/keys") == {
        "user": {"id": user["id"], "name": user["name"]},
        "revoked": 1,
    }
    assert ana.get(f"/v1/keys/{made['id']}")["revoked_at"] is not None
    refused(ana.request("DELETE", f"/v1/users/{people.unique_word()}/keys"), 404, "user_not_found")
