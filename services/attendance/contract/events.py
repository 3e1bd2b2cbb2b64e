"""What `attendance` announces."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.schemas import DataErased, Event, EventData

SERVICE = "attendance"


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
PERSON_DATA_ERASED = Event(SERVICE, "person_data_erased", DataErased)
EVENTS = (ATTENDANCE_OPENED, ENTRY_RECORDED, ATTENDANCE_CLOSED, PERSON_DATA_ERASED)
