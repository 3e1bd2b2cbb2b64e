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


@subscribe("sales", "opportunity_created", takes=contract.OpportunitySeen, once=False)
def on_sales_opportunity_created(tx: SchedulingSession, event: Heard) -> None:
    tx.opportunities.put(event.aggregate, event.sequence, person_id=event.data["person_id"], deleted=False)


@subscribe("sales", "opportunity_deleted", takes=contract.OpportunitySeen, once=False)
def on_sales_opportunity_deleted(tx: SchedulingSession, event: Heard) -> None:
    """Its appointments stay in the person's agenda."""
    tx.opportunities.put(event.aggregate, event.sequence, person_id=event.data["person_id"], deleted=True)
