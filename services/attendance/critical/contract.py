"""Critical factors (row A18)."""

from __future__ import annotations

from marshmallow import fields

from services.attendance.shared.contract import Attendance, Paged, some_id
from services.chassis.inputs import Id, Text
from services.chassis.schemas import Result, Strict


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
