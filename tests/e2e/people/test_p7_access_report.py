"""Row P7: the access report hands out all that the five services hold of a person, and says if it is complete."""

from __future__ import annotations

import signal
import uuid
from typing import Any

from tests.support.builders import people, rights
from tests.support.builders.rights import access_report
from tests.support.stack.system import Client, System


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
    rows, last = access_report(ana, person["id"])
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


def test_a_service_that_does_not_answer_is_named_and_the_report_is_not_complete(system: System, ana: Client) -> None:
    person = ana.register(f"Titular {people.unique_word()}")["id"]
    system.processes["sales"].signal(signal.SIGSTOP)
    try:
        _, last = access_report(ana, person)
    finally:
        system.processes["sales"].signal(signal.SIGCONT)
    assert (last["complete"], last["unavailable"]) == (False, ["sales"])
