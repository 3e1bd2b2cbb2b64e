"""What other services announce, and what it does here."""

from __future__ import annotations

from services.attendance import contract
from services.attendance.domain import title_of
from services.attendance.domain.filing import Share
from services.attendance.domain.quotes import SeenQuote, hundredths, with_told
from services.attendance.store import AttendanceSession
from services.attendance.use_cases.looking import type_for_event
from services.attendance.use_cases.opening import open_on
from services.attendance.use_cases.renaming import look_again
from services.attendance.use_cases.telling import announce_change
from services.chassis.entrypoints import subscribe
from services.chassis.errors import NotFound
from services.chassis.subscriptions import Heard


@subscribe("people", "person_registered", takes=contract.PersonSeen, once=False)
def on_people_person_registered(tx: AttendanceSession, event: Heard) -> None:
    _copy(tx, event)


@subscribe("people", "person_changed", takes=contract.PersonSeen, once=False)
def on_people_person_changed(tx: AttendanceSession, event: Heard) -> None:
    _copy(tx, event)


@subscribe("people", "company_changed", takes=contract.CompanySeen, once=False)
def on_people_company_changed(tx: AttendanceSession, event: Heard) -> None:
    tx.zone.put(event.sequence, event.data["time_zone"])


@subscribe("people", "user_changed", takes=contract.UserSeen, once=False)
def on_people_user_changed(tx: AttendanceSession, event: Heard) -> None:
    tx.users.put(event.aggregate, event.sequence, event.data["active"])


@subscribe("sales", "opportunity_created", takes=contract.OpportunitySeen)
def on_sales_opportunity_created(tx: AttendanceSession, event: Heard) -> None:
    """An opportunity's conversation, under the id that sales derived: opening twice makes no second one.

    Its type, and whether its cycle is used, are options of the company.
    """
    if tx.attendances.has(event.data["attendance_id"]) or tx.persons.erased(event.data["person_id"]):
        return
    person = tx.persons.find(event.data["person_id"])
    options = tx.options.get()
    kind = type_for_event(tx, options.opportunity_type_id)
    open_on(
        tx,
        event.data["attendance_id"],
        event.data["person_id"],
        kind,
        with_cycle=options.cycle_in_opportunities,
        enforce=False,
        title=title_of(event.data["description"]),
        contact_name=person["name"] if person else event.data["person_name"],
    )


@subscribe("sales", "quote_changed", takes=contract.QuoteSeen)
def on_sales_quote_changed(tx: AttendanceSession, event: Heard) -> None:
    """Row A13: the attendance's value, and its flow's amounts in approval; what is older than known changes nothing.

    A conversation that is still to be opened raises NotFound("attendance_not_found"): the event is tried again.
    """
    attendance = tx.attendances.find(event.data["attendance_id"])
    if attendance is None:
        raise NotFound("attendance_not_found", "Atendimento não encontrado.")
    amount = hundredths(event.data["total"])
    told = SeenQuote(event.aggregate, event.sequence, event.data["status"], event.data["currency"], amount)
    quotes = with_told(attendance.quotes, told)
    if quotes is None:
        return
    before = Share.of(attendance)
    attendance.quotes = quotes
    tx.flow_totals.shift(before, Share.of(attendance))
    announce_change(tx, attendance, "value")


def _copy(tx: AttendanceSession, event: Heard) -> None:
    contacts = [contact["name"] for contact in event.data["contacts"]]
    copied = {name: event.data[name] for name in ("name", "email", "categories")}
    kept = {**copied, "contacts": contacts}
    known = tx.persons.find(event.aggregate)
    if known is not None and known["name"] != kept["name"]:
        # first, so that a redelivery after a crash does not find the name told already
        look_again(tx, event.aggregate)
    tx.persons.put(event.aggregate, event.sequence, **kept)
