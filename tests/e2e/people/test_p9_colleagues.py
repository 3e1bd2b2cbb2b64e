"""Row P9: every user of a company finds its colleagues by name, and sees no more of them."""

from __future__ import annotations

from tests.support.builders import people, users
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System

LIST = "/v1/colleagues"


def test_who_may_not_list_users_finds_a_colleague_by_name(system: System, ana: Client, bruno: Client) -> None:
    word = people.unique_word()
    made = users.create(ana, "viewer", name=f"Érica {word}")
    seller = users.as_user(system, users.create(ana, "seller"))
    refused(seller.request("GET", "/v1/users"), 403, "permission_missing")
    asked = {"q": f"erica {word.lower()}"}
    assert seller.get(LIST, params=asked)["items"] == [{"id": made["id"], "name": made["name"], "active": True}]
    ana.patch(f"/v1/users/{made['id']}", {"active": False})
    assert [one["active"] for one in seller.get(LIST, params=asked)["items"]] == [False]
    assert bruno.get(LIST, params=asked)["items"] == []
    field_refused(seller.request("GET", LIST, params={"limit": 0}), "limit")
