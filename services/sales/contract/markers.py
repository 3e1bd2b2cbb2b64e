"""Markers and the company's settings (rows S7, S8, S19)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Result, Strict, text
from services.sales.domain.commission import EARNED_ON

COLOUR = validate.Regexp(r"#[0-9a-fA-F]{6}\Z", error="Informe a cor como #rrggbb.")


class ListMarkers(Strict):
    pass


class AddMarker(Strict):
    name = text(60)
    colour = fields.String(load_default="#808080", validate=COLOUR)


class ChangeMarker(Strict):
    marker_id = text(64)
    name = fields.String(validate=validate.Length(min=1, max=60))
    colour = fields.String(validate=COLOUR)


class DeleteMarker(Strict):
    marker_id = text(64)


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

    idle_days = fields.Integer(validate=validate.Range(min=1, max=3_650))
    closing_needs_supervisor = fields.Boolean()
    surplus_billing_kind = text(60, required=False)
    commission_on = fields.String(validate=validate.OneOf(EARNED_ON))


class Settings(Result):
    idle_days = fields.Integer()
    closing_needs_supervisor = fields.Boolean()
    surplus_billing_kind = fields.String()
    commission_on = fields.String()
