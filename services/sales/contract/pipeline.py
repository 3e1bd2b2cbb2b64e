"""The stages and the board of the pipeline (rows S5, S6)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Result, Strict, text
from services.sales.contract.opportunities import Filters, Opportunity
from services.sales.domain import MOST_STAGES
from services.sales.domain.money import ROUNDING

POSITION = validate.Range(min=1, max=MOST_STAGES)


class ListStages(Strict):
    pass


class AddStage(Strict):
    """Without `position` (from 1), the last before the closing stage."""

    name = text(60)
    position = fields.Integer(load_default=None, allow_none=True, validate=POSITION)


class ChangeStage(Strict):
    stage_id = text(64)
    name = fields.String(validate=validate.Length(min=1, max=60))
    position = fields.Integer(validate=POSITION)


class DeleteStage(Strict):
    stage_id = text(64)


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

    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))


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
