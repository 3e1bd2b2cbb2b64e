"""The company's settings: columns of lists, types of production, days of critical factors (rows A13, A17, A18)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.attendance.settings.model import COLUMNS, MAX_DAYS
from services.chassis.inputs import Choice, Flag, Id, Whole
from services.chassis.references import Reference
from services.chassis.schemas import Result, Strict


class FlowColumn(Strict):
    name = Choice(COLUMNS, required=True)
    visible = Flag(load_default=True)


class ChangeAttendanceSettings(Strict):
    """Fields that are left out stay. `columns` in their order; columns not named come last, hidden."""

    columns = fields.List(fields.Nested(FlowColumn), validate=validate.Length(min=1, max=len(COLUMNS)))
    production_type_id = Id(minimum=0, allow_none=True)
    critical_overdue_days = Whole(0, MAX_DAYS)
    near_due_days = Whole(0, MAX_DAYS)


class FlowColumnSetting(Result):
    name = fields.String()
    visible = fields.Boolean()


class AttendanceSettings(Result):
    columns = fields.List(fields.Nested(FlowColumnSetting))
    production_type = Reference("types", allow_none=True)
    critical_overdue_days = fields.Integer()
    near_due_days = fields.Integer()
    version = fields.Integer()
