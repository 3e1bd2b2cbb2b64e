"""Markers and the company's settings (rows S7, S8, S19)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Code, Flag, Id, Line, Whole
from services.chassis.schemas import Result, Strict
from services.sales.domain.commission import EARNED_ON

COLOUR = ("#[0-9a-fA-F]{6}", "Informe a cor como #rrggbb.")


class ListMarkers(Strict):
    pass


class AddMarker(Strict):
    name = Line(60, required=True)
    colour = Code(*COLOUR, load_default="#808080")


class ChangeMarker(Strict):
    marker_id = Id(required=True)
    name = Line(60, minimum=1)
    colour = Code(*COLOUR)


class DeleteMarker(Strict):
    marker_id = Id(required=True)


class Marker(Result):
    id = fields.String()
    name = fields.String()
    colour = fields.String()


class MarkerList(Result):
    items = fields.List(fields.Nested(Marker))


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
