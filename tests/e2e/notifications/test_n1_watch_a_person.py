"""Row N1: who watches a person gets one e-mail an entry; an entry costs the bus one request and one event."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.support.builders import people
from tests.support.problems import field_refused, refused
from tests.support.stack import raw
from tests.support.stack.ports import wait_for
from tests.support.stack.system import SERVICES, Client, System


@pytest.fixture
def attendance(ana: Client) -> dict[str, Any]:
    """Of a watched person, under a title that no other mail has."""
    word = people.unique_word()
    person = ana.register(f"Observada {word}")
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": f"Caso {word}"})
    ana.put(f"/v1/persons/{person['id']}/watchers/me", {"own_actions": True})
    return {**opened, "word": word}


def mails_about(system: System, word: str) -> list[dict[str, Any]]:
    return [mail for mail in system.mails() if word in mail["subject"]]


def test_each_entry_sends_one_mail_to_the_watcher(system: System, ana: Client, attendance: dict[str, Any]) -> None:
    path = f"/v1/attendances/{attendance['id']}/entries"
    for number in range(3):
        ana.post(path, {"text": f"Parecer {number}"})
    wait_for(lambda: len(mails_about(system, attendance["word"])) >= 3, what="three mails")
    delivered(ana, attendance["person_id"], 3)
    mails = mails_about(system, attendance["word"])
    assert len(mails) == len({mail["message_id"] for mail in mails}) == 3
    assert all(mail["to"] == ["ana@padaria.example"] for mail in mails)


def test_a_repeated_request_sends_no_second_mail(system: System, ana: Client, attendance: dict[str, Any]) -> None:
    key, path = {"Idempotency-Key": uuid.uuid4().hex}, f"/v1/attendances/{attendance['id']}/entries"
    for _ in range(3):
        ana.post(path, {"text": "Uma vez"}, headers=key)
    ana.post(path, {"text": "Depois"})
    wait_for(lambda: len(mails_about(system, attendance["word"])) >= 2, what="two mails")
    delivered(ana, attendance["person_id"], 2)
    assert len(mails_about(system, attendance["word"])) == 2


def test_an_entry_crosses_the_broker_by_one_request_and_one_event(
    system: System, ana: Client, attendance: dict[str, Any]
) -> None:
    settled = wait_settled(system)
    ana.post(f"/v1/attendances/{attendance['id']}/entries", {"text": "Contado"})
    wait_for(lambda: mails_about(system, attendance["word"]), what="the mail")
    wait_for(lambda: grown(settled, crossings(system), "on_attendance_entry_recorded") >= 1, what="its reader")
    after = wait_settled(system)
    by_method = {method: after[method] - settled.get(method, 0) for method in after}
    # One request and one event, which one service hears: sales hears those of its opportunities' conversations.
    assert {method: count for method, count in by_method.items() if count} == {
        "attendance:record_entry": 1,
        "attendance:published": 1,
        "notifications:on_attendance_entry_recorded": 1,
    }


def test_watching_twice_is_watching_once_and_stopping_stops(system: System, ana: Client) -> None:
    word = people.unique_word()
    person = ana.register(f"Deixada {word}")
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": f"Caso {word}"})
    path = f"/v1/persons/{person['id']}/watchers"
    ana.put(f"{path}/me", {"own_actions": True})
    again = ana.put(f"{path}/me", {"own_actions": True})["items"]
    assert [watcher["email"] for watcher in again] == ["ana@padaria.example"]
    assert ana.request("DELETE", f"{path}/me").json()["items"] == []
    ana.post(f"/v1/attendances/{opened['id']}/entries", {"text": "Sem aviso"})
    # A later entry of a watched person shows that the earlier one has been heard.
    other = ana.register(f"Seguinte {word}")
    ana.put(f"/v1/persons/{other['id']}/watchers/me", {"own_actions": True})
    later = ana.post(f"/v1/persons/{other['id']}/attendances", {"subject": f"Outro {word}", "text": "Com aviso"})
    wait_for(lambda: mails_about(system, f"Outro {word}"), what=f"the mail of {later['id']}")
    wait_settled(system)
    assert not mails_about(system, f"Caso {word}")


def delivered(ana: Client, person_id: str, count: int) -> None:
    def sent() -> bool:
        items = ana.get("/v1/deliveries", params={"person_id": person_id})["items"]
        return [item["state"] for item in items] == ["sent"] * count

    wait_for(sent, what=f"{count} deliveries sent")


def crossings(system: System) -> dict[str, float]:
    """Messages handled and events published, by service and method."""
    found: dict[str, float] = {}
    for name in SERVICES:
        for method, count in raw.by_label(system.ports[name], "vinculo_messages_total", "method").items():
            found[f"{name}:{method}"] = count
        found[f"{name}:published"] = raw.counters(system.ports[name], "vinculo_events_published_total")
    return found


def wait_settled(system: System) -> dict[str, float]:
    """The counters once nothing waits in an outbox or a queue, and two looks agree."""
    looks: list[dict[str, float]] = [{}]

    def quiet() -> bool:
        looks.append(crossings(system))
        waiting = any(system.mongo(name)["outbox"].find_one() for name in SERVICES)
        return not waiting and looks[-1] == looks[-2]

    wait_for(quiet, what="the bus is quiet")
    return looks[-1]


def grown(before: dict[str, float], after: dict[str, float], method: str) -> float:
    return sum(after[key] - before.get(key, 0) for key in after if key.endswith(method))


def test_who_may_not_watch_or_ask_is_refused(ana: Client, bruno: Client, attendance: dict[str, Any]) -> None:
    path = f"/v1/persons/{attendance['person_id']}/watchers"
    refused(bruno.request("PUT", f"{path}/me"), 404, "person_not_found")
    refused(bruno.request("GET", path), 404, "person_not_found")
    field_refused(ana.request("PUT", f"{path}/me", json={"mode": "weekly"}), "mode")
    settings = "/v1/settings/watching"
    refused(ana.request("PUT", settings, json={"default_watcher_ids": ["nobody"]}), 409, "user_inactive")
