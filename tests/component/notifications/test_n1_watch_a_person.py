"""Row N1: who watches a person, and how; the company's default list; who watches whom, and who may ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.builders import people, users
from tests.support.builders.watching import log_of
from tests.support.problems import field_refused, refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client

SETTINGS = "/v1/settings/watching"


@pytest.fixture
def person(ana: Client) -> dict[str, Any]:
    return ana.register(f"Observada {people.unique_word()}")


@pytest.fixture
def defaults(ana: Client) -> Iterator[None]:
    yield
    ana.put(SETTINGS, {"default_watcher_ids": []})


def test_an_unknown_person_cannot_be_watched(ana: Client) -> None:
    refused(ana.request("PUT", "/v1/persons/nobody/watchers/me"), 404, "person_not_found")


def test_a_watch_says_how_its_alerts_come(ana: Client, person: dict[str, Any]) -> None:
    path = f"/v1/persons/{person['id']}/watchers/me"
    (watch,) = ana.put(path)["items"]
    assert (watch["mode"], watch["own_actions"]) == ("at_once", False)
    (watch,) = ana.put(path, {"mode": "daily", "own_actions": True})["items"]
    assert (watch["mode"], watch["own_actions"]) == ("daily", True)
    field_refused(ana.request("PUT", path, json={"mode": "weekly"}), "mode")


def test_what_is_muted_or_gathered_sends_no_mail_at_once(
    system: InProcessSystem, ana: Client, person: dict[str, Any]
) -> None:
    path = f"/v1/persons/{person['id']}/watchers/me"
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Caso"})
    entries = f"/v1/attendances/{opened['id']}/entries"
    ana.put(path, {"mode": "muted", "own_actions": True})
    ana.post(entries, {"text": "Calado"})
    ana.put(path, {"mode": "hourly", "own_actions": True})
    ana.post(entries, {"text": "Juntado"})
    items = system.mongo("notifications")["digest_items"]
    wait_for(lambda: items.count_documents({"person_id": person["id"]}) == 1, what="gathered")
    ana.put(path, {"own_actions": True})
    ana.post(entries, {"text": "Na hora"})
    wait_for(lambda: len(log_of(ana, person)) == 1, what="one delivery")
    ana.delete(path)


def test_the_default_list_is_told_of_a_person_whom_nobody_watches(
    system: InProcessSystem, ana: Client, person: dict[str, Any], defaults: None
) -> None:
    boss = users.create(ana, "manager")
    wait_for(
        lambda: ana.request("PUT", SETTINGS, json={"default_watcher_ids": [boss["id"]]}).status_code == 200,
        what="the new user is known",
    )
    assert ana.get(SETTINGS)["default_watchers"] == [{"id": boss["id"], "name": boss["name"]}]
    ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Sem espião"})
    wait_for(lambda: log_of(ana, person), what="the default watcher's delivery")
    (delivery,) = log_of(ana, person)
    assert (delivery["recipient"], "Atendimento aberto" in delivery["subject"]) == (boss["login"], True)
    problem = refused(ana.request("PUT", SETTINGS, json={"default_watcher_ids": ["nobody"]}), 409, "user_inactive")
    assert problem["params"]["users"] == ["nobody"]
    seller = users.as_user(system, users.create(ana, "seller"))
    refused(seller.request("PUT", SETTINGS, json={"default_watcher_ids": []}), 403, "permission_missing")


def test_who_watches_whom_is_listed_to_who_configures(
    system: InProcessSystem, ana: Client, bruno: Client, person: dict[str, Any]
) -> None:
    seller = users.as_user(system, users.create(ana, "seller"))
    path = f"/v1/persons/{person['id']}/watchers/me"
    seller.put(path, {"mode": "daily"})
    mine = [one for one in ana.get("/v1/watches")["items"] if one["person"]["id"] == person["id"]]
    assert [(one["person"]["name"], one["mode"]) for one in mine] == [(person["name"], "daily")]
    of_user = ana.get("/v1/watches", params={"user_id": mine[0]["user"]["id"]})["items"]
    assert [one["person"]["id"] for one in of_user] == [person["id"]]
    seller.delete(path)
    changes = ana.get("/v1/watch-changes", params={"person_id": person["id"]})["items"]
    assert [one["change"] for one in changes] == ["stopped", "started"]
    assert all(one["by"] == one["user"] for one in changes)
    for path in ("/v1/watches", "/v1/watch-changes"):
        refused(seller.request("GET", path), 403, "permission_missing")
        assert person["id"] not in {one["person"]["id"] for one in bruno.get(path)["items"] if one["person"]}


def test_watchers_are_counted_beyond_the_page(system: InProcessSystem, ana: Client, person: dict[str, Any]) -> None:
    path = f"/v1/persons/{person['id']}/watchers"
    for who in (ana, users.as_user(system, users.create(ana, "seller"))):
        who.put(f"{path}/me")
    page = ana.get(path, params={"counted": True, "limit": 1})
    assert (len(page["items"]), page["count"], page["exact"]) == (1, 2, True)
    assert "count" not in ana.get(path)


def test_the_history_tells_who_changed_the_default_list(system: InProcessSystem, ana: Client, defaults: None) -> None:
    boss = users.create(ana, "manager")
    named = {"id": boss["id"], "name": boss["name"]}
    ana.put(SETTINGS, {"default_watcher_ids": [boss["id"]]})
    ana.put(SETTINGS, {"default_watcher_ids": []})
    changes = ana.get("/v1/watch-changes", params={"limit": 2})["items"]
    assert [(one["change"], one["user"], one["person"]) for one in changes] == [
        ("unlisted", named, None),
        ("listed", named, None),
    ]
    assert {one["by"]["id"] for one in changes} == {ana.session["user"]["id"]}
