"""The board: stages with their opportunities, counted and summed (row S6)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Whole
from services.chassis.schemas import Result
from services.sales.opportunities.contract import Filters, Opportunity
from services.sales.pipeline.contract import Stage
from services.sales.shared.money import ROUNDING


class GetPipeline(Filters):
    """Row S6, the board; `limit`: cards a column."""

    limit = Whole(1, 100, load_default=20)


class Sum(Result):
    currency = fields.String()
    amount = fields.Decimal(places=2, rounding=ROUNDING, as_string=True)


class Column(Result):
    """`count` and `sums` are of all the column's opportunities; under a filter, of the first 500 that pass.

    `exact` is false where a filter lets more than those pass. The next cards come from the list of opportunities, by
    `stage_id` and `next_cursor`.
    """

    stage = fields.Nested(Stage)
    count = fields.Integer()
    exact = fields.Boolean()
    sums = fields.List(fields.Nested(Sum))
    items = fields.List(fields.Nested(Opportunity))
    next_cursor = fields.String(allow_none=True)


class Board(Result):
    columns = fields.List(fields.Nested(Column))
