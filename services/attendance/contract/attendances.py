"""Opening attendances and recording entries (rows A7, A8)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Result, Strict, page_of, text


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
