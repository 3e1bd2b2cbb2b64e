"""Row P9: an administrator keeps the users of the own company, and of no other; nobody gives more than they hold."""

from __future__ import annotations

from tests.support.builders import people, users
from tests.support.builders.users import keeper_role
from tests.support.problems import refused
from tests.support.stack.system import Client, System


def test_a_user_is_created_shown_changed_and_listed(system: System, ana: Client) -> None:
    created = users.create(ana, "viewer")
    assert (people.ids_of(created["roles"]), created["active"], created["shared"]) == (["viewer"], True, False)
    path = f"/v1/users/{created['id']}"
    assert ana.get(path) == created
    viewer = users.as_user(system, created)
    refused(viewer.request("POST", "/v1/persons", json={"name": "x"}), 403, "permission_missing")
    changed = ana.patch(path, {"name": "Novo Nome", "role_ids": ["seller"]})
    assert (changed["name"], changed["roles"]) == ("Novo Nome", [{"id": "seller", "name": "Vendedor"}])
    assert users.as_user(system, created).register("Cliente")["name"] == "Cliente"
    assert "password" not in str(changed)


def test_nobody_gives_more_than_they_hold(system: System, ana: Client) -> None:
    keeper = users.as_user(system, users.create(ana, keeper_role(ana, "people.read")))
    body = {"login": users.login(), "name": "Lia", "password": users.LONG, "role_ids": ["admin"]}
    problem = refused(keeper.request("POST", "/v1/users", json=body), 403, "grant_exceeds_own")
    assert "sales.write" in problem["params"]["permissions"]
    beyond = {"name": people.unique_word(), "permissions": ["sales.write"]}
    refused(keeper.request("POST", "/v1/roles", json=beyond), 403, "grant_exceeds_own")
    viewer = users.create(ana, "viewer")
    refused(keeper.request("PATCH", f"/v1/users/{viewer['id']}", json={"name": "x"}), 403, "grant_exceeds_own")
