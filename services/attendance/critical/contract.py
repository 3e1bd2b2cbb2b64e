"""Critical factors (row A18)."""

from __future__ import annotations

from marshmallow import fields

from services.attendance.critical.model import FACTOR_KINDS
from services.attendance.shared.contract import CompanyAttendance, Paged, some_id
from services.chassis.inputs import Choice, Id, Text
from services.chassis.references import Reference
from services.chassis.schemas import Result, Strict


class ListCritical(Paged):
    """Row A18: the critical factors of the company, or only those of a person, of a center or of a user who opened the
    attendance or is its next user (`me`: the caller)."""

    person_id = some_id()
    user_id = some_id()
    center_id = some_id()


class ForwardCritical(Strict):
    """Row A18: `note` is added to the text of the entry."""

    attendance_id = Id(required=True)
    note = Text(2_000, load_default="")


class CriticalFactor(Result):
    """`kind`: overdue or near_due; `days`: whole days in the company's time zone; `reason` is in Portuguese."""

    kind = Choice(FACTOR_KINDS)
    days = fields.Integer()
    reason = fields.String()
    attendance = fields.Nested(CompanyAttendance)


class CriticalGroup(Result):
    """The factors of one center; `center` is null for attendances without one."""

    center = Reference("centers", named="center_name", allow_none=True)
    items = fields.List(fields.Nested(CriticalFactor))


class CountCritical(Strict):
    """Of the company, of a person, or of a user who opened the attendance or is its next user (`me`: the caller)."""

    person_id = some_id()
    user_id = some_id()


class CriticalCount(Result):
    """Of at most 99; `exact` is false where there are more."""

    count = fields.Integer()
    exact = fields.Boolean()


class CriticalPage(Result):
    """Overdue factors first, by due date; within a page grouped by center, in the order of each group's first."""

    items = fields.List(fields.Nested(CriticalGroup))
    next_cursor = fields.String(allow_none=True)
