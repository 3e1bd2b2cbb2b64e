"""The stages and the board of the pipeline (rows S5, S6)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Id, Line, Whole
from services.chassis.schemas import Result, Strict
from services.sales.contract.opportunities import Filters, Opportunity
from services.sales.domain import MOST_STAGES
from services.sales.domain.money import ROUNDING


class ListStages(Strict):
    pass


class AddStage(Strict):
    """Without `position` (from 1), the last before the closing stage."""

    name = Line(60, required=True)
    position = Whole(1, MOST_STAGES, load_default=None, allow_none=True)


class ChangeStage(Strict):
    stage_id = Id(required=True)
    name = Line(60, minimum=1)
    position = Whole(1, MOST_STAGES)


class DeleteStage(Strict):
    stage_id = Id(required=True)


class Stage(Result):
    """`closing`: an opportunity in it is closed."""

    id = fields.String()
    name = fields.String()
    closing = fields.Boolean()


class StageList(Result):
    """In order."""

    items = fields.List(fields.Nested(Stage))


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
