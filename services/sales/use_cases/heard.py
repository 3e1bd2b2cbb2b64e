"""What other services announce, and what it does here."""

from __future__ import annotations

from services.chassis.entrypoints import subscribe
from services.chassis.subscriptions import Heard
from services.sales import contract
from services.sales.domain.closing import Closing
from services.sales.store import SalesSession
from services.sales.use_cases import ending


@subscribe("people", "person_registered", takes=contract.PersonSeen, once=False)
def on_people_person_registered(tx: SalesSession, event: Heard) -> None:
    _copy(tx, event)


@subscribe("people", "person_changed", takes=contract.PersonSeen, once=False)
def on_people_person_changed(tx: SalesSession, event: Heard) -> None:
    _copy(tx, event)


@subscribe("attendance", "attendance_opened", takes=contract.AttendanceSeen, once=False)
def on_attendance_attendance_opened(tx: SalesSession, event: Heard) -> None:
    _know(tx, event)


@subscribe("attendance", "attendance_filed", takes=contract.AttendanceSeen, once=False)
def on_attendance_attendance_filed(tx: SalesSession, event: Heard) -> None:
    _know(tx, event)


@subscribe("attendance", "flow_changed", takes=contract.FlowSeen, once=False)
def on_attendance_flow_changed(tx: SalesSession, event: Heard) -> None:
    tx.attendances.put_flow(event.aggregate, event.sequence, event.data["users"])


@subscribe("people", "company_changed", takes=contract.CompanySeen, once=False)
def on_people_company_changed(tx: SalesSession, event: Heard) -> None:
    tx.zone.put(event.sequence, event.data["time_zone"])


@subscribe("people", "user_changed", takes=contract.UserSeen, once=False)
def on_people_user_changed(tx: SalesSession, event: Heard) -> None:
    tx.users.put(event.aggregate, event.sequence, event.data["active"], event.data["person_id"])


@subscribe("attendance", "entry_recorded", takes=contract.EntrySeen)
def on_attendance_entry_recorded(tx: SalesSession, event: Heard) -> None:
    """The last interaction, and the next contact that the entry plans."""
    opportunity = tx.opportunities.of_conversation(event.data["attendance_id"])
    at, planned = event.data["recorded_at"], event.data["planned_contact_date"]
    if opportunity is not None and opportunity.interacted(at, planned):
        tx.opportunities.save(opportunity)


@subscribe("attendance", "attendance_closed", takes=contract.ConversationClosed)
def on_attendance_attendance_closed(tx: SalesSession, event: Heard) -> None:
    """Closed without an outcome, which may be told afterwards; not by the end that followed the opportunity's own."""
    opportunity = tx.opportunities.of_conversation(event.data["attendance_id"])
    if opportunity is None or event.data["followed_opportunity"] or not opportunity.ends_at(event.at):
        return
    if opportunity.close(event.at, tx.configuration.pipeline().closing, Closing(tx.actor.name)):
        tx.opportunities.save(opportunity)
        ending.end_without_outcome(tx, opportunity)


def _know(tx: SalesSession, event: Heard) -> None:
    """Where something may be sold, and who sees that; `conversation`: an opportunity's."""
    conversation = tx.opportunities.of_conversation(event.aggregate) is not None
    told = {"person_id": event.data["person_id"], "conversation": conversation}
    tx.attendances.put_told(event.aggregate, event.sequence, event.data, **told)


def _copy(tx: SalesSession, event: Heard) -> None:
    """Name and categories, and what an NF-e says of the person (row S22)."""
    tx.persons.put(event.aggregate, event.sequence, **{name: event.data[name] for name in contract.COPIED})
