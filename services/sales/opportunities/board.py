"""The board: stages with their opportunities, counted and summed (row S6)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.inputs import Choice, Cursor, Id, Whole
from services.chassis.references import PERSONS, USERS, Reference
from services.chassis.schemas import Result, page_of
from services.sales.opportunities.contract import Filters, Marker
from services.sales.opportunities.model import CUSTOMER_STATUSES, LEGENDS, OPPORTUNITY_STATUSES
from services.sales.pipeline.contract import Stage
from services.sales.shared.money import ROUNDING


class GetPipeline(Filters):
    """Row S6, the board; `limit`: cards a column."""

    limit = Whole(1, 100, load_default=20)


class ListPipelineCards(GetPipeline):
    """Row S6: the next cards of one column, under the filters of the board."""

    stage_id = Id(required=True)
    cursor = Cursor()


class Sum(Result):
    currency = fields.String()
    amount = fields.Decimal(places=2, rounding=ROUNDING, as_string=True)


class OpportunityCard(Result):
    """An opportunity on the board; `legend` is for today in the company's time zone."""

    id = fields.String()
    subject = fields.String(attribute="description")
    person = Reference(PERSONS)
    responsible = Reference(USERS, allow_none=True)
    attendance_id = fields.String()
    contact_date = fields.Date()
    amount = fields.Decimal(allow_none=True, places=2, rounding=ROUNDING, as_string=True)
    currency = fields.String()
    success_percent = fields.Integer(allow_none=True)
    customer_status = Choice(CUSTOMER_STATUSES)
    markers = fields.List(fields.Nested(Marker))
    state = Choice(OPPORTUNITY_STATUSES, attribute="status")
    legend = fields.String(validate=validate.OneOf(LEGENDS))
    idle = fields.Boolean()
    version = fields.Integer()


OpportunityCardPage = page_of(OpportunityCard, "OpportunityCardPage")


class Column(Result):
    """`count` and `sums` are of all the column's opportunities; under a filter, of the first 500 that pass.

    `exact` is false where a filter lets more than those pass. `next_cursor` leads to its next cards.
    """

    stage = fields.Nested(Stage)
    count = fields.Integer()
    exact = fields.Boolean()
    sums = fields.List(fields.Nested(Sum))
    items = fields.List(fields.Nested(OpportunityCard))
    next_cursor = fields.String(allow_none=True)


class Board(Result):
    columns = fields.List(fields.Nested(Column))
