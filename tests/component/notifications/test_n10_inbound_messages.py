"""Row N10: messages of unknown senders wait in a list, until a user assigns or discards them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.support.builders import inbound, people, users
from tests.support.problems import field_refused, refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client

MESSAGES, RULE = "/v1/inbound-messages", "/v1/settings/received-messages"


@pytest.fixture
def message(system: InProcessSystem, ana: Client) -> str:
    return inbound.waiting(system, ana)


def test_a_waiting_message_is_listed_and_becomes_an_entry_of_the_attendance_it_is_assigned_to(
    ana: Client, message: str
) -> None:
    waiting = ana.get(MESSAGES, params={"state": "unassigned"})["items"]
    assert [one["person"] for one in waiting if one["id"] == message] == [None]
    person = ana.register(people.unique_word())
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Forno"})
    ana.post(f"{MESSAGES}/{message}/assign", {"person_id": person["id"], "attendance_id": opened["id"]})
    filed = ana.get(f"{MESSAGES}/{message}")
    assert (filed["state"], filed["attendance_id"]) == ("filed", opened["id"])
    assert (filed["person"]["name"], filed["handled_by"]["name"]) == (person["name"], "Ana")
    (entry,) = ana.get(f"/v1/attendances/{opened['id']}/entries")["items"]
    assert (entry["kind"], entry["recorded_by"]) == ("email_received", {"id": None, "name": filed["sender"]})
    assert [one["name"] for one in entry["attachments"]] == ["assinado.pdf"]
    path = f"/v1/attendances/{opened['id']}/attachments/{entry['attachments'][0]['id']}"
    assert ana.request("GET", path).content == inbound.PDF.content
    refused(ana.request("POST", f"{MESSAGES}/{message}/discard"), 409, "inbound_message_settled")


def test_the_companys_rule_opens_an_attendance_or_lets_it_wait(ana: Client, message: str) -> None:
    person = ana.register(people.unique_word())
    ana.patch(RULE, {"opens": False})
    ana.post(f"{MESSAGES}/{message}/assign", {"person_id": person["id"]})
    assert ana.get(f"{MESSAGES}/{message}")["state"] == "unassigned"
    assert ana.patch(RULE, {"opens": True})["opens"] is True
    ana.post(f"{MESSAGES}/{message}/assign", {"person_id": person["id"]})
    filed = ana.get(f"{MESSAGES}/{message}")
    opened = ana.get(f"/v1/attendances/{filed['attendance_id']}")
    assert (opened["subject"], opened["opened_by"]) == (filed["subject"], None)


def test_what_is_refused(system: InProcessSystem, ana: Client, bruno: Client, message: str) -> None:
    assign = f"{MESSAGES}/{message}/assign"
    field_refused(ana.request("POST", assign, json={}), "person_id")
    refused(ana.request("POST", assign, json={"person_id": "nobody"}), 404, "person_not_found")
    person = {"person_id": ana.register(people.unique_word())["id"]}
    refused(ana.request("POST", assign, json={**person, "attendance_id": "none"}), 404, "attendance_not_found")
    refused(bruno.request("GET", f"{MESSAGES}/{message}"), 404, "inbound_message_not_found")
    viewer = users.as_user(system, users.create(ana, "viewer"))
    refused(viewer.request("POST", f"{MESSAGES}/{message}/discard"), 403, "permission_missing")
    refused(viewer.request("PATCH", RULE, json={"opens": False}), 403, "permission_missing")
    refused(ana.request("PATCH", RULE, json={"type_id": "nothing"}), 404, "type_not_found")
    refused(ana.request("PATCH", RULE, json={"responsible_id": "nobody"}), 404, "user_not_found")
    assert ana.post(f"{MESSAGES}/{message}/discard", {})["state"] == "discarded"


def test_an_erasure_leaves_no_word_of_it(system: InProcessSystem, ana: Client, message: str) -> None:
    person: dict[str, Any] = ana.register(people.unique_word())
    ana.post(f"{MESSAGES}/{message}/assign", {"person_id": person["id"]})
    sender = ana.get(f"{MESSAGES}/{message}")["sender"]
    ana.post(f"/v1/persons/{person['id']}/erasure", {"reason": "Pedido", "legal_request": "1"})
    database = system.mongo("notifications")
    kept = database["inbound_messages"].find_one({"_id": message})
    assert (kept["text"], kept["sender"]) == ("", "[eliminado]")
    held = [str(row) for name in ("inbound_messages", "inbound_files") for row in database[name].find({"_id": message})]
    assert not [row for row in held if sender in row or "Olá!" in row]


def test_the_default_list_is_told_of_one_that_waits_too_long_and_it_is_due_again_tomorrow(
    system: InProcessSystem, ana: Client, message: str
) -> None:
    rows, now = system.mongo("notifications")["inbound_messages"], dt.datetime.now(dt.UTC)
    listed = users.create(ana, "seller")
    ana.put("/v1/settings/watching", {"default_watcher_ids": [listed["id"]]})
    try:
        rows.update_one({"_id": message}, {"$set": {"next_at": now}})
        again = {"_id": message, "next_at": {"$gt": now + dt.timedelta(hours=23)}}
        wait_for(lambda: rows.find_one(again) is not None, 40, "put off")
        told = [one for one in ana.get("/v1/deliveries")["items"] if one["recipient"] == listed["login"]]
        assert [one["subject"] for one in told] == ["Mensagens de clientes sem destino"]
    finally:
        ana.put("/v1/settings/watching", {"default_watcher_ids": []})
