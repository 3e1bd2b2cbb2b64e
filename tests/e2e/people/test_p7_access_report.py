"""Row P7: the access report hands out all that the five services hold of a person, and says if it is complete."""

from __future__ import annotations

import json
import signal
import uuid
from typing import Any

from tests.support.builders import people, rights
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import PASSWORD, Client, System


def report(client: Client, person: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows, and the last line."""
    answer = client.request("GET", f"/v1/persons/{person}/access-report", timeout=60)
    assert answer.ok, answer.text
    assert answer.headers["Content-Type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[0]["person_id"] == person
    return lines[1:-1], lines[-1]


def more_entries(system: System, attendance_id: str, count: int) -> None:
    """As a long history has them; written at once, for to record 105 takes 105 commands and as many e-mails."""
    entries = system.mongo("attendance")["entries"]
    last = entries.find_one({"attendance_id": attendance_id})
    entries.insert_many(
        {**last, "_id": uuid.uuid4().hex, "number": last["number"] + 1 + number, "text": f"Parecer {number}"}
        for number in range(count)
    )


def test_the_report_has_every_row_of_every_service(system: System, ana: Client) -> None:
    word = people.unique_word()
    person = ana.register(f"Titular {word}", document=people.cpf())
    made = rights.with_records(ana, person["id"], word)
    # more than a page of entries, so that the report has to follow pages inside an attendance
    more_entries(system, made["attendance"]["id"], 105)
    consent = {"purpose": "billing", "channel": "sms", "given": True, "source": "contrato"}
    ana.post(f"/v1/persons/{person['id']}/consents", consent)
    rows, last = report(ana, person["id"])
    assert last["complete"] is True
    assert last["unavailable"] == []
    found: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        found.setdefault((row["service"], row["kind"]), []).append(row["data"])
    assert found["people", "persons"][0]["document"] == person["document"]
    assert found["people", "consents"][0]["channel"] == "sms"
    texts = {entry["text"] for entry in found["attendance", "entries"]}
    told = {f"Parecer sobre {word}", f"Ligar para {word}"}
    assert texts == {*told, *(f"Parecer {number}" for number in range(105))}
    assert len(found["attendance", "entries"]) == 107
    assert {a["id"] for a in found["attendance", "attendances"]} == {
        made["attendance"]["id"], made["opportunity"]["attendance_id"],
    }  # fmt: skip
    assert [o["description"] for o in found["sales", "opportunities"]] == [f"Forno {word}"]
    assert [a["subject"] for a in found["scheduling", "appointments"]] == [f"Ver {word}"]
    assert len(found["notifications", "watches"]) == 1
    assert found["notifications", "deliveries"]
    assert last["rows"] == {
        service: sum(row["service"] == service for row in rows) for service in last["rows"]
    }  # fmt: skip
    assert not any(name.startswith("_") or name in ("company", "keys") for row in rows for name in row["data"])


def test_a_merged_person_is_in_the_survivors_report(ana: Client) -> None:
    word = people.unique_word()
    survivor, person = ana.register(f"Fica {word}")["id"], ana.register(f"Vai {word}")["id"]
    rights.with_records(ana, person, word, watched=False)
    rights.merge(ana, survivor, person)
    wait_for(lambda: rights.lists(ana, survivor)["appointments"]["items"], what="moved")
    rows, _ = report(ana, survivor)
    merged = [row["data"] for row in rows if row["kind"] == "merges"]
    assert [row["person"]["name"] for row in merged] == [f"Vai {word}"]
    assert [row["data"]["subject"] for row in rows if row["kind"] == "appointments"] == [f"Ver {word}"]


def test_a_service_that_does_not_answer_is_named_and_the_report_is_not_complete(system: System, ana: Client) -> None:
    person = ana.register(f"Titular {people.unique_word()}")["id"]
    system.processes["sales"].signal(signal.SIGSTOP)
    try:
        _, last = report(ana, person)
    finally:
        system.processes["sales"].signal(signal.SIGCONT)
    assert (last["complete"], last["unavailable"]) == (False, ["sales"])


def test_refusals(system: System, ana: Client, bruno: Client) -> None:
    person = ana.register(f"Titular {people.unique_word()}")["id"]
    path = f"/v1/persons/{person}/access-report"
    refused(bruno.request("GET", path), 404, "person_not_found")
    refused(ana.request("GET", "/v1/persons/nobody/access-report"), 404, "person_not_found")
    login = f"{people.unique_word().lower()}@padaria.example"
    options = ["--login", login, "--name", "Vera", "--company", "padaria", "--role", "manager"]
    system.run("-m", "deploy.admin", "user-create", *options)
    manager = Client(system.url, login, PASSWORD)
    refused(manager.request("GET", path), 403, "permission_missing")
    refused(manager.request("GET", f"/v1/persons/{person}/looks"), 403, "permission_missing")
    refused(
        manager.request("POST", f"/v1/persons/{person}/erasure", json={"reason": "x", "legal_request": "y"}),
        403,
        "permission_missing",
    )
