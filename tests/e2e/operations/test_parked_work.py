"""A row that every real handler fails at, in each kind of leased work: nothing else stops, and it can be dealt with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import requests

from deploy.operations.parked import described, dropped, listed, requeued
from deploy.topology import SERVICES
from services.chassis.messaging import outbox
from services.chassis.replicas import redirects
from tests.support.builders import csv_import, people, rights
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

KINDS = [
    (service.name, collection)
    for service in SERVICES
    for collection in (outbox.COLLECTION, *([redirects.COLLECTION] if service.inventory else []), *service.jobs)
]
POISON = "poison-by-a-test"


@pytest.fixture
def poisoned(system: System, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A due row without its fields, in every kind, of a company of its own; and the operator's environment."""
    for name in ("MONGO_URI", "AMQP_URI", "VINCULO_DATABASE_PREFIX"):
        monkeypatch.setenv(name, system.env[name])
    past = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    row = {"_id": POISON, "company": "0" * 32, "next_at": past}
    for service, collection in KINDS:
        system.mongo(service)[collection].insert_one(dict(row))
    yield
    for service, collection in KINDS:
        system.mongo(service)[collection].delete_one({"_id": POISON})
        system.mongo(service).parked_work.delete_many({"row": POISON})


def parked(system: System) -> set[tuple[str, str]]:
    return {
        (service.name, one["work"])
        for service in SERVICES
        for one in system.mongo(service.name).parked_work.find({"row": POISON})
    }


def all_parked(system: System) -> bool:
    """A delivery is held as long as a sending may take, whatever comes of it: here that time is over at once."""
    over = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    held = {"_id": POISON, "next_at": {"$gt": over}, "_work": {"$exists": True}}
    system.mongo("notifications").deliveries.update_one(held, {"$set": {"next_at": over}})
    return parked(system) == set(KINDS)


@pytest.mark.usefixtures("poisoned")
def test_a_row_that_always_fails_stops_nothing_is_parked_seen_requeued_and_dropped(system: System, ana: Client) -> None:
    word = people.unique_word()
    # outbox, deliveries
    person = ana.register(f"Observada {word}")
    ana.put(f"/v1/persons/{person['id']}/watchers/me", {"own_actions": True})
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": f"Caso {word}"})
    ana.post(f"/v1/attendances/{opened['id']}/entries", {"text": "Parecer"})
    wait_for(lambda: [m for m in system.mails() if word in m["subject"]], what="the mail")
    # imports
    uploaded = csv_import.upload(ana, f"nome\n{word} Um\n{word} Dois\n")
    assert csv_import.run(ana, uploaded["id"])["counts"]["registered"] == 2
    # renames, redirects
    other = ana.register(f"Outra {word}")
    rights.merge(ana, person["id"], other["id"])
    # erasures, erasing
    erased = ana.register(f"Apagada {word}")
    asked = ana.post(f"/v1/persons/{erased['id']}/erasure", {"reason": "Pedido", "legal_request": "1/26"})
    wait_for(
        lambda: ana.get(f"/v1/persons/{erased['id']}/erasure")["state"] == "done", 60, f"the erasure {asked}"
    )  # fmt: skip
    wait_for(lambda: all_parked(system), what="every kind parked")
    for name in {service for service, _ in KINDS}:
        wait_for(lambda name=name: gauges(system, name) >= kinds_of(name), 20, f"gauges of {name}")  # type: ignore[misc]
    mine = [one for one in listed([service.name for service in SERVICES], None) if one.id.endswith(POISON)]
    assert {(one.service, one.kind) for one in mine} == set(KINDS)
    (told,) = described(["people"], f"imports|{POISON}", values=False)
    assert (told["error"], told["tries"], "values" in told) == ("TypeError", 3, False)
    assert requeued(["people"], f"imports|{POISON}") == [(f"imports|{POISON}", "requeued")]
    wait_for(lambda: parked(system) == set(KINDS), what="tried again, and parked again")
    for service, collection in KINDS:
        assert dropped([service], f"{collection}|{POISON}", "a test's own")
    assert parked(system) == set()
    assert all(system.processes[service].alive() for service, _ in KINDS)


def kinds_of(name: str) -> set[str]:
    return {collection for service, collection in KINDS if service == name}


def gauges(system: System, name: str) -> set[str]:
    """The kinds that the service says something of is parked."""
    text = requests.get(f"http://127.0.0.1:{system.ports[name]}/metrics", timeout=5).text
    return {
        line.split('"')[1]
        for line in text.splitlines()
        if line.startswith("vinculo_work_parked{") and float(line.split()[-1]) >= 1
    }
