"""Row P9: an administrator keeps the users of the own company, and of no other; nobody gives more than they hold."""

from __future__ import annotations

import pytest

from tests.support.builders import people, users
from tests.support.builders.users import keeper_role
from tests.support.problems import field_refused, refused
from tests.support.stack.system import PASSWORD, Client, System


def test_users_are_listed_in_pages_by_login(ana: Client) -> None:
    made = {users.create(ana, "viewer")["id"] for _ in range(3)}
    found = ana.every("/v1/users", limit=2)
    logins = [user["login"] for user in found]
    assert logins == sorted(set(logins))
    assert made <= {user["id"] for user in found}


def test_a_deactivated_user_neither_signs_in_nor_refreshes(system: System, ana: Client) -> None:
    created = users.create(ana, "viewer")
    session = users.as_user(system, created).session
    ana.patch(f"/v1/users/{created['id']}", {"active": False})
    refused(users.sign_in(system, login=created["login"], password=users.LONG), 403, "membership_missing")
    refused(users.refresh(system, session["refresh_token"]), 401, "session_ended")
    ana.patch(f"/v1/users/{created['id']}", {"active": True})
    users.as_user(system, created)


def test_a_login_exists_once(ana: Client, bruno: Client) -> None:
    created = users.create(ana, "viewer")
    body = {"login": created["login"].upper(), "name": "x", "password": users.LONG, "role_ids": ["viewer"]}
    for admin in (ana, bruno):
        refused(admin.request("POST", "/v1/users", json=body), 409, "user_exists")


@pytest.mark.parametrize("password", ["curta", "senhasenhasenha", "123456789012", "x" * 129])
def test_a_weak_password_is_refused_with_its_reason(ana: Client, password: str) -> None:
    body = {"login": users.login(), "name": "Lia", "password": password, "role_ids": ["viewer"]}
    answer = ana.request("POST", "/v1/users", json=body)
    field_refused(answer, "password")
    assert refused(answer, 422, "password_weak")["detail"]


def test_a_password_made_of_the_own_names_is_refused(ana: Client) -> None:
    body = {"login": "margarida.azevedo@padaria.example", "name": "Margarida", "role_ids": ["viewer"]}
    answer = ana.request("POST", "/v1/users", json={**body, "password": "margarida.azevedo"})
    refused(answer, 422, "password_weak")


def test_roles_must_be_known(ana: Client) -> None:
    body = {"login": users.login(), "name": "Lia", "password": users.LONG}
    refused(ana.request("POST", "/v1/users", json={**body, "role_ids": ["king"]}), 422, "role_unknown")
    field_refused(ana.request("POST", "/v1/users", json={**body, "role_ids": []}), "role_ids")


def test_without_the_permission_nothing_is_administered(system: System, ana: Client) -> None:
    manager = users.as_user(system, users.create(ana, "manager"))
    for path in ("/v1/users", "/v1/roles", "/v1/keys", "/v1/access-audit"):
        refused(manager.request("GET", path), 403, "permission_missing")
    refused(manager.request("PATCH", "/v1/company", json={"name": "x"}), 403, "permission_missing")


def test_who_holds_less_cannot_take_over_an_administrator(system: System, ana: Client) -> None:
    keeper = users.as_user(system, users.create(ana, keeper_role(ana, "people.read")))
    admin = users.create(ana, "admin")
    answer = keeper.request("PUT", f"/v1/users/{admin['id']}/password", json={"password": "porteira velha do sertao"})
    refused(answer, 403, "grant_exceeds_own")
    users.as_user(system, admin)


def test_a_narrowed_administrator_gives_nothing_wider(system: System, ana: Client) -> None:
    narrow = {"name": people.unique_word(), "permissions": ["people.administer", "people.read"]}
    role = ana.post("/v1/roles", {**narrow, "scopes": {"category": ["client"]}})["id"]
    keeper = users.as_user(system, users.create(ana, role))
    wide = {"name": people.unique_word(), "permissions": ["people.read"]}
    refused(keeper.request("POST", "/v1/roles", json=wide), 403, "grant_exceeds_own")
    keeper.post("/v1/roles", {**wide, "scopes": {"category": ["client"]}})


def test_nobody_changes_the_own_access(ana: Client) -> None:
    own = f"/v1/users/{ana.session['user']['id']}"
    for body in ({"role_ids": ["viewer"]}, {"active": False}):
        refused(ana.request("PATCH", own, json=body), 409, "user_is_self")
    refused(ana.request("PUT", f"{own}/password", json={"password": users.LONG}), 409, "user_is_self")


def test_another_companys_users_are_not_there(ana: Client, bruno: Client) -> None:
    theirs = users.create(ana, "viewer")["id"]
    assert theirs not in {user["id"] for user in bruno.get("/v1/users", params={"limit": 100})["items"]}
    asked = [
        ("GET", "", None),
        ("PATCH", "", {"active": False}),
        ("PUT", "/password", {"password": users.LONG}),
        ("POST", "/membership", {"role_ids": ["viewer"]}),
    ]
    for method, rest, body in asked:
        refused(bruno.request(method, f"/v1/users/{theirs}{rest}", json=body), 404, "user_not_found")


def test_a_user_has_different_roles_in_different_companies(system: System, ana: Client) -> None:
    """Carla administers both companies, and brings Davi, a seller of one, into the other as a viewer."""
    carla = users.create(ana, "admin")
    system.run(
        "-m", "deploy.operations", "user", "create", "--login", carla["login"], "--name", "Carla",
        "--company", "oficina", "--role", "admin",
    )  # fmt: skip
    davi = users.create(ana, "seller")
    refused(users.sign_in(system, login=carla["login"], password=users.LONG), 422, "company_required")
    session = users.sign_in(system, login=carla["login"], password=users.LONG, company="oficina").json()
    bearer = {"Authorization": f"Bearer {session['access_token']}"}
    path = f"/v1/users/{davi['id']}"
    joined = ana.http.post(f"{system.url}{path}/membership", json={"role_ids": ["viewer"]}, headers=bearer, timeout=20)
    assert (joined.status_code, joined.json()["shared"]) == (201, True)
    assert people.ids_of(joined.json()["roles"]) == ["viewer"]
    assert ana.get(path)["roles"] == [{"id": "seller", "name": "Vendedor"}]
    for company, role in (("padaria", "seller"), ("oficina", "viewer")):
        signed = users.sign_in(system, login=davi["login"], password=users.LONG, company=company).json()
        assert people.ids_of(signed["user"]["roles"]) == [role]
        assert ("people.write" in signed["permissions"]) is (role == "seller")
    # what both companies share is no single company's to change
    refused(ana.request("PUT", f"{path}/password", json={"password": PASSWORD}), 403, "user_shared")
    refused(ana.request("PATCH", path, json={"name": "x"}), 403, "user_shared")
    ana.patch(path, {"active": False})
    refused(users.sign_in(system, login=davi["login"], password=users.LONG, company="padaria"), 403)
    assert users.sign_in(system, login=davi["login"], password=users.LONG, company="oficina").ok


def test_a_user_is_linked_to_an_employee_or_representative_only(system: System, ana: Client) -> None:
    name = people.unique_word()
    employee = ana.register(name, category_ids=["employee"])["id"]
    prospect = ana.register(people.unique_word())["id"]
    created = users.create(ana, "seller", person_id=employee)
    assert created["person"] == {"id": employee, "name": name}
    bruno = users.as_user(system, created)
    assert bruno.get("/v1/session")["user"]["person"] == bruno.session["user"]["person"] == created["person"]
    other = f"/v1/users/{users.create(ana, 'seller')['id']}"
    refused(ana.request("PATCH", other, json={"person_id": prospect}), 409, "person_not_linkable")
    refused(ana.request("PATCH", other, json={"person_id": employee}), 409, "person_linked")
    refused(ana.request("PATCH", other, json={"person_id": "nobody"}), 404, "person_not_found")
    assert ana.patch(f"/v1/users/{created['id']}", {"person_id": None})["person"] is None
    assert ana.patch(other, {"person_id": employee})["person"]["id"] == employee


def test_a_reset_password_replaces_the_old_one_and_ends_the_sessions(system: System, ana: Client) -> None:
    created = users.create(ana, "viewer")
    session = users.as_user(system, created).session
    ana.put(f"/v1/users/{created['id']}/password", {"password": "porteira velha do sertao"})
    refused(users.refresh(system, session["refresh_token"]), 401, "session_ended")
    refused(users.sign_in(system, login=created["login"], password=users.LONG), 401, "credentials_invalid")
    users.as_user(system, created, "porteira velha do sertao")


def test_a_user_changes_the_own_password_with_the_current_one(system: System, ana: Client) -> None:
    created = users.create(ana, "viewer")
    client = users.as_user(system, created)
    new = "porteira velha do sertao"
    wrong = {"current": "errada mesmo", "password": new}
    refused(client.request("PUT", "/v1/session/password", json=wrong), 401, "credentials_invalid")
    weak = {"current": users.LONG, "password": "senhasenhasenha"}
    refused(client.request("PUT", "/v1/session/password", json=weak), 422, "password_weak")
    client.put("/v1/session/password", {"current": users.LONG, "password": new})
    refused(users.refresh(system, client.session["refresh_token"]), 401, "session_ended")
    users.as_user(system, created, new)


def test_no_password_is_kept_anywhere(system: System, ana: Client) -> None:
    """Neither the password nor a plain digest of a body that holds it."""
    secret = "papagaio verde no quintal"
    created = users.create(ana, "viewer", password=secret)
    users.as_user(system, created, secret)
    database = system.mongo("people")
    # the parts of imported files are the other tests' own, and many
    for collection in set(database.list_collection_names()) - {"import_parts", "import_reports"}:
        for document in database[collection].find():
            assert secret not in str(document), collection
    kept = {document["_id"].split("|")[2] for document in database["idempotency"].find() if "|" in document["_id"]}
    assert not kept & {"sign_in", "create_user", "reset_password", "change_own_password", "create_key"}


def test_a_users_version_is_of_what_the_company_sees_and_sets(system: System, ana: Client) -> None:
    created = users.create(ana, "viewer")
    path = f"/v1/users/{created['id']}"
    ana.put(f"{path}/password", {"password": "porteira velha do sertao"})
    users.as_user(system, created, "porteira velha do sertao")
    read = ana.request("GET", path)
    assert (created["version"], read.json()["version"]) == (1, 1)
    tag = {"If-Match": read.headers["ETag"]}
    assert ana.patch(path, {"role_ids": ["seller"]}, headers=tag)["version"] == 2
    late = refused(ana.request("PATCH", path, json={"name": "Outro"}, headers=tag), 412, "version_changed")
    assert (late["current_version"], late["changed_fields"]) == (2, ["roles"])
    unsaid = ana.request("PATCH", path, json={"name": "Outro"}, headers={"If-Match": None})
    refused(unsaid, 428, "precondition_required")
