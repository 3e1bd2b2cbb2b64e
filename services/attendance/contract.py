"""What `attendance` promises, and the parts of other services' events that it reads."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Event, EventData, Result, Strict, page_of, text

SERVICE = "attendance"


class OpenAttendance(Strict):
    """Row A7: on a registered person, with an optional first entry."""

    person_id = text(64)
    title = text(200)
    text = text(20_000, required=False, load_default="")


class RecordEntry(Strict):
    """Row A8."""

    attendance_id = text(64)
    text = text(20_000)


class CloseAttendance(Strict):
    attendance_id = text(64)


class Entry(Result):
    id = fields.String()
    attendance_id = fields.String()
    kind = fields.String()
    text = fields.String()
    author = fields.String()
    author_name = fields.String()
    recorded_at = fields.DateTime()


class Attendance(Result):
    id = fields.String()
    person_id = fields.String()
    title = fields.String()
    status = fields.String()
    reference = fields.Integer()
    entry_count = fields.Integer()
    last_entry_at = fields.DateTime(allow_none=True)
    opened_at = fields.DateTime()
    closed_at = fields.DateTime(allow_none=True)
    version = fields.Integer()


class ListEntries(Strict):
    attendance_id = text(64)
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))


AttendancePage = page_of(Attendance, "AttendancePage")
EntryPage = page_of(Entry, "EntryPage")


class AttendanceOpened(EventData):
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    title = fields.String(required=True)


class EntryRecorded(EventData):
    """Carries what a watcher's e-mail needs: no consumer asks back."""

    attendance_id = fields.String(required=True)
    entry_id = fields.String(required=True)
    person_id = fields.String(required=True)
    person_name = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    author_name = fields.String(required=True)
    recorded_at = fields.DateTime(required=True)


class AttendanceClosed(EventData):
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)


ATTENDANCE_OPENED = Event(SERVICE, "attendance_opened", AttendanceOpened)
ENTRY_RECORDED = Event(SERVICE, "entry_recorded", EntryRecorded)
ATTENDANCE_CLOSED = Event(SERVICE, "attendance_closed", AttendanceClosed)
EVENTS = (ATTENDANCE_OPENED, ENTRY_RECORDED, ATTENDANCE_CLOSED)


class PersonSeen(EventData):
    """Of people's person_registered and person_changed: what is shown here."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)


class OpportunitySeen(EventData):
    """Of sales' opportunity_created: the conversation to open for it."""

    opportunity_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    description = fields.String(required=True)
