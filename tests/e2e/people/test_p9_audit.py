"""Row P9: who signed in and who changed what is kept, listed for administrators, and holds no secret."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.support.builders import people, users
from tests.support.problems import refused
from tests.support.stack.system import Client, System


def about(client: Client, subject: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/v1/access-audit", params={"about": subject, "limit": 100})["items"]
    return found


def test_a_users_story_is_told_newest_first(system: System, ana: Client) -> None:
    user = users.create(ana, "viewer")
    path = f"/v1/users/{user['id']}"
    refused(users.sign_in(system, login=user["login"], password="errada"), 401)
    signed = users.as_user(system, user)
    signed.delete("/v1/session")
    ana.patch(path, {"roles": ["seller"]})
    ana.put(f"{path}/password", {"password": "porteira velha do sertao"})
    story = about(ana, user["id"])
    assert [record["action"] for record in story] == [
        "password_reset", "user_changed", "signed_out", "signed_in", "sign_in_refused", "user_created",
    ]  # fmt: skip
    assert story[1]["actor"] == {"id": ana.session["user"]["id"], "name": "Ana"}
    assert story[1]["details"] == {"roles": ["seller"]}
    assert story[3]["details"]["address"]
    moments = [dt.datetime.fromisoformat(record["at"]) for record in story]
    assert moments == sorted(moments, reverse=True)
    assert users.LONG not in str(story)
    assert "porteira" not in str(story)


def test_roles_keys_and_the_company_are_audited(ana: Client) -> None:
    role = ana.post("/v1/roles", {"name": people.unique_word(), "permissions": ["people.read"]})["id"]
    ana.patch(f"/v1/roles/{role}", {"permissions": ["sales.read"]})
    ana.delete(f"/v1/roles/{role}")
    assert [r["action"] for r in about(ana, role)] == ["role_deleted", "role_changed", "role_defined"]
    expires = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).isoformat()
    key = ana.post("/v1/keys", {"name": "ERP", "permissions": ["people.read"], "expires_at": expires})
    ana.delete(f"/v1/keys/{key['id']}")
    records = about(ana, key["id"])
    assert [r["action"] for r in records] == ["key_revoked", "key_created"]
    assert key["key"].rsplit(".", 1)[1] not in str(records)
    ana.patch("/v1/company", {"name": "Padaria Modelo"})
    assert about(ana, ana.session["company"]["id"])[0]["action"] == "company_changed"


def test_what_was_refused_leaves_no_trace_of_a_change(ana: Client) -> None:
    user = users.create(ana, "viewer")["id"]
    refused(ana.request("PATCH", f"/v1/users/{user}", json={"roles": ["king"]}), 422, "role_unknown")
    assert [record["action"] for record in about(ana, user)] == ["user_created"]


def test_an_operators_acts_are_audited_too(system: System, ana: Client) -> None:
    user = users.create(ana, "viewer")
    system.run("-m", "deploy.admin", "user-deactivate", "--login", user["login"], "--company", "padaria")
    record = about(ana, user["id"])[0]
    assert (record["action"], record["actor"]["id"]) == ("user_changed", "operator")


def test_the_list_is_paged_and_another_companys_is_not_in_it(ana: Client, bruno: Client) -> None:
    user = users.create(ana, "viewer")["id"]
    assert about(bruno, user) == []
    first = ana.get("/v1/access-audit", params={"limit": 2})
    second = ana.get("/v1/access-audit", params={"limit": 2, "cursor": first["next_cursor"]})
    ids = [record["id"] for page in (first, second) for record in page["items"]]
    assert len(set(ids)) == 4
