"""What reports and prints need of attendances (row A15)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.attendance.contract.attendances import Attendance, Entry
from services.chassis.inputs import Id
from services.chassis.schemas import Result, Strict

SUMMARIES = 25


class ListSummaries(Strict):
    """At most SUMMARIES at once; all of them are seen by the user, or the whole is refused."""

    ids = fields.List(Id(required=True), required=True, validate=validate.Length(min=1, max=SUMMARIES))


class Summary(Result):
    """`first_entry` null where nobody wrote yet."""

    attendance = fields.Nested(Attendance)
    person_name = fields.String()
    first_entry = fields.Nested(Entry, allow_none=True)


class Summaries(Result):
    """`time_zone`: the company's, in which its papers tell times."""

    time_zone = fields.String()
    items = fields.List(fields.Nested(Summary))
