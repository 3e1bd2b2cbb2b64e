"""Attendances by who and what they concern; production; critical factors (rows A16, A17, A18)."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from services.attendance.contract.attendances import Attendance
from services.attendance.domain import CLOSED, OPEN
from services.attendance.domain.filing import FILINGS
from services.chassis.inputs import Choice, Cursor, Day, Flag, Id, Text, Whole
from services.chassis.schemas import OfPerson, Result, Strict

STATUSES = (OPEN, CLOSED)


def some_id() -> fields.String:
    return Id(load_default=None, allow_none=True)


class Paged(Strict):
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class ListAttendances(OfPerson):
    """A person's, active or archived; closed ones only where they are asked for. The trash is asked for by row A16."""

    include_closed = Flag(load_default=False)


class QueryAttendances(Paged):
    """Row A16: open or closed ones, newest first; every filter may be left out, and any may be combined.

    `user_id` opened it or is its next user; `type_id` may be a group; the days of the opening are the company's.
    """

    status = Choice(STATUSES, load_default=OPEN)
    filed = Choice(FILINGS, load_default="active")
    person_id = some_id()
    user_id = some_id()
    center_id = some_id()
    type_id = some_id()
    opened_from = Day(load_default=None, allow_none=True)
    opened_to = Day(load_default=None, allow_none=True)

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data.get("opened_from"), data.get("opened_to")
        if first and last and first > last:
            raise ValidationError("O período termina antes de começar.", "opened_to")


class ListProduction(Paged):
    """Row A17."""

    status = Choice(STATUSES, load_default=OPEN)
    person_id = some_id()


class ListCritical(Paged):
    """Row A18: of a person, of a center, or of the whole company."""

    person_id = some_id()
    center_id = some_id()


class ForwardCritical(Strict):
    """Row A18: `text` is added to the entry that says so."""

    attendance_id = Id(required=True)
    note = Text(2_000, load_default="")


class CriticalFactor(Result):
    """`kind`: overdue or near_due; `days` whole days of the company's clock; `reason` says why it counts."""

    kind = fields.String()
    days = fields.Integer()
    reason = fields.String()
    attendance = fields.Nested(Attendance)


class CriticalGroup(Result):
    """What one center must act on; null where the attendance is in no center."""

    center_id = fields.String(allow_none=True)
    center_name = fields.String(allow_none=True)
    items = fields.List(fields.Nested(CriticalFactor))


class CriticalPage(Result):
    """Overdue ones first, longest ago first; grouped inside the page by center, in the order of their first."""

    items = fields.List(fields.Nested(CriticalGroup))
    next_cursor = fields.String(allow_none=True)
