"""Figures for dashboards: open attendances by center and age."""

from __future__ import annotations

from marshmallow import fields

from services.attendance.shared.contract import some_id
from services.chassis.schemas import Result, Strict


class GetAgesByCenter(Strict):
    """`user_id` opened them or is their next user (`me`: the caller)."""

    user_id = some_id()


class AgeGroup(Result):
    """Days since the opening, both included; `to_days` null: or more."""

    from_days = fields.Integer()
    to_days = fields.Integer(allow_none=True)
    count = fields.Integer()


class CenterNamed(Result):
    id = fields.String()
    name = fields.String()


class CenterOfAges(Result):
    """`center` is null for attendances that are in none; `overdue`: their due date is past."""

    center = fields.Nested(CenterNamed, allow_none=True)
    count = fields.Integer()
    overdue = fields.Integer()
    ages = fields.List(fields.Nested(AgeGroup))


class AgesByCenter(Result):
    """Open attendances, without archived and trashed ones; the center with the most first. `exact` is false where there
    are more than are counted: then the oldest are."""

    items = fields.List(fields.Nested(CenterOfAges))
    count = fields.Integer()
    exact = fields.Boolean()
