"""Which persons belong to a mailing by their last contact (row N6, ADR 0048)."""

from __future__ import annotations

import datetime as dt

from marshmallow import fields

from services.attendance import events
from services.attendance.audiences.model import fits
from services.attendance.session import AttendanceSession
from services.chassis.days import start_of_day
from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent


class CandidatesSeen(events.MailingCandidatesChosen):
    """The fields read from people's mailing_candidates_found: persons, and days of their last contact."""

    contact_since = fields.Date(required=True, allow_none=True)
    no_contact_since = fields.Date(required=True, allow_none=True)


@subscribe("people", "mailing_candidates_found", takes=CandidatesSeen)
def on_people_mailing_candidates_found(tx: AttendanceSession, event: ReceivedEvent) -> None:
    """Publishes the persons whose last contact the filter fits.

    Only attendances that the event's actor sees count: those of flows of other users are left out. An actor whose role
    names types or flows is refused by people before.
    """
    found = event.data
    since, until = (_start_of_day(tx, found[name]) for name in ("contact_since", "no_contact_since"))
    chosen = [one for one in found["persons"] if fits(tx.attendances.last_contact(one["person_id"]), since, until)]
    chunk = {"gathering_id": found["gathering_id"], "mailing_id": found["mailing_id"], "last": found["last"]}
    tx.publish(events.MAILING_CANDIDATES_CHOSEN, event.aggregate, event.sequence, **chunk, persons=chosen)


def _start_of_day(tx: AttendanceSession, day: dt.date | None) -> dt.datetime | None:
    return start_of_day(day, tx.zone.get()) if day else None
