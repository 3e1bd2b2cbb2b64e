"""What other services announce, and what it does here."""

from __future__ import annotations

from services.chassis.entrypoints import subscribe
from services.chassis.subscriptions import Heard
from services.scheduling import contract
from services.scheduling.store import SchedulingSession


@subscribe("people", "person_registered", takes=contract.PersonSeen, once=False)
def on_people_person_registered(tx: SchedulingSession, event: Heard) -> None:
    tx.persons.put(event.aggregate, event.sequence, name=event.data["name"])


@subscribe("people", "person_changed", takes=contract.PersonSeen, once=False)
def on_people_person_changed(tx: SchedulingSession, event: Heard) -> None:
    tx.persons.put(event.aggregate, event.sequence, name=event.data["name"])
