"""Row P9: who signed in and who changed what is kept, listed for administrators, and holds no secret."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.support.builders import users
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
    ana.patch(path, {"role_ids": ["seller"]})
    ana.put(f"{path}/password", {"password": "porteira velha do sertao"})
    story = about(ana, user["id"])
    assert [record["action"] for record in story] == [
        "password_reset", "user_changed", "signed_out", "signed_in", "sign_in_refused", "user_created",
    ]  # fmt: skip
    assert story[1]["by"] == {"id": ana.session["user"]["id"], "name": "Ana"}
    assert story[1]["details"] == {"roles": ["seller"]}
    assert story[3]["details"]["address"]
    moments = [dt.datetime.fromisoformat(record["at"]) for record in story]
    assert moments == sorted(moments, reverse=True)
    assert users.LONG not in str(story)
    assert "porteira" not in str(story)


def test_an_operators_acts_are_audited_too(system: System, ana: Client) -> None:
    user = users.create(ana, "viewer")
    system.run("-m", "deploy.operations", "user", "deactivate", "--login", user["login"], "--company", "padaria")
    record = about(ana, user["id"])[0]
    assert (record["action"], record["by"]["id"]) == ("user_changed", "operator")
