"""N1: who watches a person is told of every entry, once each."""

from __future__ import annotations

from typing import Any

import requests

from tests.support.ports import wait_for
from tests.support.system import Client, System


def mails_about(system: System, text: str) -> list[dict[str, Any]]:
    return [mail for mail in system.mails() if text in mail["subject"]]


def handled(system: System, service: str, method: str) -> float:
    """How many messages a method of a service has handled, from its metrics."""
    text = requests.get(f"http://127.0.0.1:{system.ports[service]}/metrics", timeout=5).text
    wanted = f'vinculo_messages_total{{method="{method}"'
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(wanted))


def test_an_entry_on_a_watched_person_mails_the_watcher_once_with_one_rpc_and_one_event(
    system: System, ana: Client
) -> None:
    person = ana.register("Zulmira Observada")
    watchers = ana.put(f"/v1/persons/{person['id']}/watchers/me")
    assert [w["email"] for w in watchers["items"]] == ["ana@padaria.example"]
    attendance = ana.post(f"/v1/persons/{person['id']}/attendances", {"title": "Visita"})
    before = handled(system, "attendance", "record_entry"), handled(
        system, "notifications", "on_attendance_entry_recorded"
    )
    ana.post(f"/v1/attendances/{attendance['id']}/entries", {"text": "Ligou de volta."})
    found = wait_for(lambda: mails_about(system, "Zulmira Observada"), what="the watcher's e-mail")
    assert [(mail["to"], mail["count"]) for mail in found] in (
        [(["ana@padaria.example"], 1)],
        [("ana@padaria.example", 1)],
    )
    assert handled(system, "attendance", "record_entry") - before[0] == 1
    assert handled(system, "notifications", "on_attendance_entry_recorded") - before[1] == 1
    deliveries = ana.get("/v1/deliveries", params={"person_id": person["id"]})["items"]
    assert [d["status"] for d in deliveries] == ["sent"]


def test_who_stopped_watching_is_told_nothing_more(system: System, ana: Client) -> None:
    person = ana.register("Yolanda Discreta")
    ana.put(f"/v1/persons/{person['id']}/watchers/me")
    answer = ana.request("DELETE", f"/v1/persons/{person['id']}/watchers/me")
    assert answer.json()["items"] == []
    ana.post(f"/v1/persons/{person['id']}/attendances", {"title": "Nada", "text": "Sem avisos."})
    marker = ana.register("Depois Dela")
    ana.put(f"/v1/persons/{marker['id']}/watchers/me")
    ana.post(f"/v1/persons/{marker['id']}/attendances", {"title": "Sim", "text": "Com aviso."})
    wait_for(lambda: mails_about(system, "Depois Dela"), what="the later e-mail")
    assert mails_about(system, "Yolanda Discreta") == []


def test_an_unknown_person_cannot_be_watched(ana: Client) -> None:
    answer = ana.request("PUT", "/v1/persons/nobody/watchers/me")
    assert (answer.status_code, answer.json()["code"]) == (404, "person_not_found")
