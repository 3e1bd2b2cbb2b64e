"""Figures for dashboards: how opportunities ended, how they go through the pipeline, what is receivable."""

from __future__ import annotations

import datetime as dt
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from services.chassis.inputs import Day
from services.chassis.references import Named
from services.chassis.schemas import Result, Strict
from services.sales.opportunities.board import Sum
from services.sales.opportunities.contract import identifier

MOST_DAYS = 366


class Period(Strict):
    """Days of the company's calendar, both included; a year at most."""

    class Meta:
        include = {"from": Day(required=True), "to": Day(required=True)}

    @validates_schema
    def is_a_period(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data.get("from"), data.get("to")
        if isinstance(first, dt.date) and isinstance(last, dt.date) and not 0 <= (last - first).days < MOST_DAYS:
            raise ValidationError(f"Informe um período de até {MOST_DAYS} dias.", "to")


class OfUser(Period):
    """`user_id`: the responsible user, `me` for the caller."""

    responsible_id = identifier(load_default=None, allow_none=True, data_key="user_id")


class Worth(Result):
    """A number of opportunities, and the sums of their amounts by currency."""

    count = fields.Integer()
    sums = fields.List(fields.Nested(Sum))


class LostFor(Worth):
    reason = fields.Nested(Named)


class Lost(Worth):
    """The most frequent reason first."""

    reasons = fields.List(fields.Nested(LostFor))


class MonthOfOutcomes(Result):
    """`month` as 2026-03; `ended`: closed without an outcome."""

    month = fields.String()
    won = fields.Nested(Worth)
    lost = fields.Nested(Lost)
    ended = fields.Nested(Worth)


class Outcomes(Result):
    """By the day of the closing, all months of the period. `exact` is false where more were closed than are counted."""

    items = fields.List(fields.Nested(MonthOfOutcomes))
    exact = fields.Boolean()


class StageReached(Worth):
    """How many of the opportunities reached the stage; `rate`: the percentage of them that reached the next one.

    `rate` is null for 0 opportunities and for the closing stage, which is reached by winning.
    """

    stage = fields.Nested(Named)
    rate = fields.Decimal(as_string=True, places=1, allow_none=True)


class Conversion(Result):
    """The opportunities created in the period, whatever their outcome; `exact` as in Outcomes."""

    created = fields.Integer()
    open = fields.Integer()
    won = fields.Integer()
    lost = fields.Integer()
    items = fields.List(fields.Nested(StageReached))
    exact = fields.Boolean()


class MonthOfReceivables(Result):
    """The receivables due in a month: `outstanding`, the `overdue` part of it, and the money `received` for them."""

    month = fields.String()
    count = fields.Integer()
    outstanding = fields.List(fields.Nested(Sum))
    overdue = fields.List(fields.Nested(Sum))
    received = fields.List(fields.Nested(Sum))


class ReceivablesByMonth(Result):
    items = fields.List(fields.Nested(MonthOfReceivables))
    exact = fields.Boolean()
