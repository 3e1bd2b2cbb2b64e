"""Row P9: a company's own roles, by permission and by category, section, attendance type and flow."""

from __future__ import annotations

from tests.support.builders import people, users
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System


def test_the_table_of_permissions_is_shown_in_portuguese(ana: Client) -> None:
    table = ana.get("/v1/roles")
    assert {"admin", "manager", "seller", "attendant", "viewer"} <= {role["id"] for role in table["items"]}
    permissions = {row["id"]: row["name"] for row in table["permissions"]}
    assert permissions["people.read"] == "Pessoas: consultar"
    assert {row["id"] for row in table["scopes"]} == {"section", "category", "attendance_type", "flow"}
    assert {row["id"] for row in table["sections"]} >= {"people", "sales"}
    assert set(ana.session["permissions"]) >= set(permissions)


def test_two_roles_join_and_a_kind_stays_narrow_where_both_narrow_it(system: System, ana: Client) -> None:
    first = {"name": people.unique_word(), "permissions": ["people.read"], "scopes": {"category": ["client"]}}
    second = {**first, "name": people.unique_word(), "scopes": {"category": ["supplier"], "flow": ["f1"]}}
    roles = [ana.post("/v1/roles", body)["id"] for body in (first, second)]
    assert users.as_user(system, users.create(ana, *roles)).session["scopes"] == {"category": ["client", "supplier"]}


def test_a_role_in_use_is_not_deleted(ana: Client) -> None:
    role = ana.post("/v1/roles", {"name": people.unique_word(), "permissions": ["people.read"]})["id"]
    user = users.create(ana, role)
    refused(ana.request("DELETE", f"/v1/roles/{role}"), 409, "role_in_use")
    ana.patch(f"/v1/users/{user['id']}", {"role_ids": ["viewer"]})
    ana.delete(f"/v1/roles/{role}")
    refused(ana.request("DELETE", f"/v1/roles/{role}"), 404, "role_not_found")


def test_the_built_in_roles_stay_as_they_are(ana: Client) -> None:
    refused(ana.request("PATCH", "/v1/roles/viewer", json={"name": "x"}), 409, "role_built_in")
    refused(ana.request("DELETE", "/v1/roles/admin"), 409, "role_built_in")


def test_a_name_is_used_once_in_a_company(ana: Client, bruno: Client) -> None:
    name = people.unique_word()
    body = {"name": name, "permissions": ["people.read"]}
    ana.post("/v1/roles", body)
    refused(ana.request("POST", "/v1/roles", json={**body, "name": name.upper()}), 409, "role_exists")
    refused(ana.request("POST", "/v1/roles", json={**body, "name": "Administrador"}), 409, "role_exists")
    bruno.post("/v1/roles", body)


def test_unknown_permissions_and_scopes_are_refused(ana: Client) -> None:
    body = {"name": people.unique_word(), "permissions": ["people.read"]}
    for permission in ("people.fly", "people.own", "installation.sign_in"):
        answer = ana.request("POST", "/v1/roles", json={**body, "permissions": [permission]})
        refused(answer, 422, "permission_unknown")
    field_refused(ana.request("POST", "/v1/roles", json={**body, "scopes": {"moon": ["x"]}}), "scopes")


def test_another_companys_role_can_be_neither_given_nor_changed(ana: Client, bruno: Client) -> None:
    role = ana.post("/v1/roles", {"name": people.unique_word(), "permissions": ["people.read"]})["id"]
    body = {"login": users.login(), "name": "x", "password": users.LONG, "role_ids": [role]}
    refused(bruno.request("POST", "/v1/users", json=body), 422, "role_unknown")
    refused(bruno.request("PATCH", f"/v1/roles/{role}", json={"name": "x"}), 404, "role_not_found")
    assert role not in {found["id"] for found in bruno.get("/v1/roles")["items"]}
