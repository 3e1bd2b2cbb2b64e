"""An erasure goes on through the death of any service at any step: every receipt once, no copy left."""

from __future__ import annotations

import random
import time

import pymongo
import pytest
from bson import json_util

from tests.chaos.rig import ORPHAN_SECONDS, Rig
from tests.support.stack.ports import wait_for
from tests.support.stack.system import SERVICES

WORDS = ("Teresa Vasconcelos", "teresa@casa.example", "52998224725", "11987654321")


def copies(rig: Rig) -> list[str]:
    """Where one of the words is, in all collections of all databases."""
    found = []
    with pymongo.MongoClient[dict[str, object]](rig.env["MONGO_URI"]) as client:
        for service in SERVICES:
            database = client[rig.env["VINCULO_DATABASE_PREFIX"] + service]
            for name in database.list_collection_names():
                text = json_util.dumps(list(database[name].find()), ensure_ascii=False)
                found += [f"{service}.{name}: {word}" for word in WORDS if word in text]
    return found


def a_person_with_records(rig: Rig) -> str:
    bus = rig.bus()
    told = ", ".join(WORDS)
    data = {"name": WORDS[0], "document": WORDS[2], "emails": [{"address": WORDS[1]}], "phones": [{"number": WORDS[3]}]}
    person = str(bus.result("people", "register_person", data, seconds=10)["id"])
    bus.insist("notifications", "watch_person", {"person_id": person, "email": "ana@empresa.example"}, "watch")
    opened = {"person_id": person, "title": told, "text": told}
    attendance = bus.insist("attendance", "open_attendance", opened, "open")
    for number in range(20):
        entry = {"attendance_id": attendance["id"], "text": f"{number}: {told}"}
        bus.insist("attendance", "record_entry", entry, f"entry {number}")
    bus.insist("sales", "create_opportunity", {"person_id": person, "description": told}, "opportunity")
    booked = {
        "person_id": person, "kind": "visita", "subject": told,
        "starts_at": "2031-03-05T12:00:00Z", "ends_at": "2031-03-05T13:00:00Z",
    }  # fmt: skip
    bus.insist("scheduling", "book_appointment", booked, "appointment")
    return person


@pytest.mark.parametrize("seed", [1, 2])
def test_any_service_is_killed_while_a_person_is_erased(rig: Rig, seed: int) -> None:
    rig.env["VINCULO_SETTLE_SECONDS"] = "2"
    rig.start_five()
    person, chance = a_person_with_records(rig), random.Random(seed)
    assert copies(rig)
    request = {"person_id": person, "reason": "Pedido", "legal_request": "1"}
    erasure = rig.bus().insist("people", "erase_person", request, "erase")
    for _ in range(6):
        name = chance.choice(list(SERVICES))
        rig.processes[name].kill()
        rig.processes[name].start()
        time.sleep(chance.uniform(0.2, 2.0))
    rig.wait_ready(*SERVICES)

    def done() -> bool:
        return [e["state"] for e in rig.documents("people", "erasures") if e["_id"] == erasure["id"]] == ["done"]

    # an orphan of each of two kills may hold the same record, one after the other
    wait_for(done, 2 * ORPHAN_SECONDS, "the erasure done")
    wait_for(lambda: copies(rig) == [], 30, "no copy")
    kept = rig.documents("people", "erasures")[0]
    assert set(kept["receipts"]) == {"attendance", "notifications", "sales", "scheduling", "people", "messages"}
    counts = {item["what"]: item["count"] for item in kept["receipts"]["attendance"]["items"]}
    assert {what: count for what, count in counts.items() if count} == {"attendances": 2, "entries": 21}
    assert not [service for service in SERVICES if rig.parked(service)]
    record = rig.documents("people", "persons")[0]
    assert (record["company"], record["name"], record["document"]) == (rig.caller.company, "Pessoa apagada", None)
