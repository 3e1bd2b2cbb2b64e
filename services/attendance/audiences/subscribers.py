"""Which persons belong to a mailing by their last contact (row N6, ADR 0048)."""

from __future__ import annotations

import datetime as dt

from marshmallow import fields

from services.attendance import events
from services.attendance.audiences.model import fits
from services.attendance.session import AttendanceSession
from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent


class CandidatesSeen(events.MailingCandidatesChosen):
    """Of people's mailing_candidates_found: persons, and the days that their last contact is held against."""

    contact_since = fields.Date(required=True, allow_none=True)
    no_contact_since = fields.Date(required=True, allow_none=True)


@subscribe("people", "mailing_candidates_found", takes=CandidatesSeen)
def on_people_mailing_candidates_found(tx: AttendanceSession, event: ReceivedEvent) -> None:
    """Passes on whom the filter fits. Contacts are those that the event's actor sees: people refuses who is narrowed
    to types or flows, and of a flow that is not theirs nobody is told."""
    found = event.data
    since, until = (_beginning(tx, found[name]) for name in ("contact_since", "no_contact_since"))
    chosen = [one for one in found["persons"] if fits(tx.attendances.last_contact(one["person_id"]), since, until)]
    told = {"gathering_id": found["gathering_id"], "mailing_id": found["mailing_id"], "last": found["last"]}
    tx.publish(events.MAILING_CANDIDATES_CHOSEN, event.aggregate, event.sequence, **told, persons=chosen)


def _beginning(tx: AttendanceSession, day: dt.date | None) -> dt.datetime | None:
    """Of the day in the company's zone."""
    return dt.datetime.combine(day, dt.time(), tx.zone.get()) if day else None
