"""The board of a flow: a column a tag, with lean cards (rows A6, A13)."""

from __future__ import annotations

from marshmallow import fields

from services.attendance.attendances.model.attendance import STATUSES
from services.attendance.filing.contract import SORT
from services.attendance.flows.contract import FlowAmount
from services.attendance.tags.contract import Tag, TagOrdering
from services.attendance.tags.model import TODOS
from services.chassis.inputs import Choice, Code, Cursor, Id, Whole
from services.chassis.references import PERSONS, USERS, Reference
from services.chassis.schemas import Result, Strict, page_of

MOST_CARDS = 100


class GetFlowBoard(Strict):
    """`limit`: cards a column; `sort`: a column of the flow's list, descending with "-"."""

    flow_id = Id(required=True)
    sort = Code(*SORT, load_default="-updated_at")
    limit = Whole(1, MOST_CARDS, load_default=20)


class ListFlowCards(GetFlowBoard):
    """The next cards of one column; `cursor` as the board gave it, with the same `sort`."""

    tag_id = Id(minimum=0, load_default=TODOS)
    cursor = Cursor()


class CardType(Result):
    id = fields.String()
    name = fields.String()
    colour = fields.String(allow_none=True)


class FlowCard(Result):
    """What a board shows of an attendance; `value` is a decimal with two places, times are UTC."""

    id = fields.String()
    reference = fields.Integer()
    subject = fields.String(attribute="title")
    person = Reference(PERSONS)
    next_user = Reference(USERS, allow_none=True)
    contact_name = fields.String()
    state = Choice(STATUSES, attribute="status")
    type = fields.Nested(CardType, allow_none=True)
    tags = fields.List(fields.Nested(Tag))
    value = fields.Decimal(as_string=True, places=2, metadata={"type": "string"})
    currency = fields.String()
    quotes_in_approval = fields.Integer()
    due_at = fields.DateTime(allow_none=True)
    updated_at = fields.DateTime()
    version = fields.Integer()


FlowCardPage = page_of(FlowCard, "FlowCardPage")


class FlowBoardColumn(Result):
    """`count`, `quotes_in_approval` and `in_approval` are of the column's attendances; of the first 200 where `exact`
    is false. `next_cursor` leads to its next cards."""

    tag = fields.Nested(Tag)
    count = fields.Integer()
    exact = fields.Boolean()
    quotes_in_approval = fields.Integer()
    in_approval = fields.List(fields.Nested(FlowAmount))
    items = fields.List(fields.Nested(FlowCard))
    next_cursor = fields.String(allow_none=True)


class FlowOfBoard(Result):
    id = fields.String()
    name = fields.String()
    alias = fields.String()
    active = fields.Boolean()


class FlowBoard(Result):
    """TODOS is the first column; `ordering`: who is ordering the tags now, so that nobody links any."""

    flow = fields.Nested(FlowOfBoard)
    ordering = fields.Nested(TagOrdering, allow_none=True)
    columns = fields.List(fields.Nested(FlowBoardColumn))
