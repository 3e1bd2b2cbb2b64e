"""Row P9: a company's own roles, by permission and by category, section, attendance type and flow."""

from __future__ import annotations

import jwt

from tests.support.builders import people, users
from tests.support.problems import refused
from tests.support.stack.system import Client, System


def test_a_role_of_the_companys_own_gives_what_it_says(system: System, ana: Client) -> None:
    scopes = {"category": ["client"], "flow": ["f1", "f2"]}
    body = {"name": people.unique_word(), "permissions": ["people.read", "sales.read"], "scopes": scopes}
    role = ana.post("/v1/roles", body)
    assert role["scopes"] == scopes
    client = users.as_user(system, users.create(ana, role["id"]))
    assert client.session["permissions"] == ["people.own", "people.read", "sales.read"]
    assert client.session["scopes"] == scopes
    claims = jwt.decode(client.session["access_token"], options={"verify_signature": False})
    assert claims["scopes"] == scopes
    assert "scopes" not in jwt.decode(ana.session["access_token"], options={"verify_signature": False})
    assert "items" in client.get("/v1/persons")
    refused(client.request("GET", "/v1/deliveries"), 403, "permission_missing")


def test_a_changed_role_reaches_its_holder_with_the_next_refresh(system: System, ana: Client) -> None:
    role = ana.post("/v1/roles", {"name": people.unique_word(), "permissions": ["people.read"]})
    session = users.as_user(system, users.create(ana, role["id"])).session
    ana.patch(f"/v1/roles/{role['id']}", {"permissions": ["sales.read"], "scopes": {"section": ["sales"]}})
    renewed = users.refresh(system, session["refresh_token"]).json()
    assert (renewed["permissions"], renewed["scopes"]) == (["people.own", "sales.read"], {"section": ["sales"]})
