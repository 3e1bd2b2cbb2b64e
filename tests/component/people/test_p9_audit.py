"""Row P9: who signed in and who changed what is kept, listed for administrators, and holds no secret."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.support.builders import people, users
from tests.support.problems import refused
from tests.support.stack.system import Client


def about(client: Client, subject: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/v1/access-audit", params={"about": subject, "limit": 100})["items"]
    return found


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
    refused(ana.request("PATCH", f"/v1/users/{user}", json={"role_ids": ["king"]}), 422, "role_unknown")
    assert [record["action"] for record in about(ana, user)] == ["user_created"]


def test_the_list_is_paged_and_another_companys_is_not_in_it(ana: Client, bruno: Client) -> None:
    user = users.create(ana, "viewer")["id"]
    assert about(bruno, user) == []
    first = ana.get("/v1/access-audit", params={"limit": 2})
    second = ana.get("/v1/access-audit", params={"limit": 2, "cursor": first["next_cursor"]})
    ids = [record["id"] for page in (first, second) for record in page["items"]]
    assert len(set(ids)) == 4
