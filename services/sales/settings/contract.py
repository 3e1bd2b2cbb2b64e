"""The company's sales settings (rows S8, S15, S19)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Flag, Line, Whole
from services.chassis.schemas import Result, Strict
from services.sales.commission.model import EARNED_ON


class GetSettings(Strict):
    pass


class ChangeSettings(Strict):
    """What is not given stays. `idle_days` (row S8): after how many days without interaction one is idle.

    Row S15: `closing_needs_supervisor`; `surplus_billing_kind`, how the company charges what is sold as surplus.
    Row S19: `commission_on`, payable with each receivable that is settled, or on order; for the orders to come.
    """

    idle_days = Whole(1, 3_650)
    closing_needs_supervisor = Flag()
    surplus_billing_kind = Line(60)
    commission_on = Choice(EARNED_ON)


class Settings(Result):
    idle_days = fields.Integer()
    closing_needs_supervisor = fields.Boolean()
    surplus_billing_kind = fields.String()
    commission_on = fields.String()
    version = fields.Integer()
