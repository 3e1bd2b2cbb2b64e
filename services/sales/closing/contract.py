"""Closing an opportunity as won or lost, and reopening it (rows S15, S16)."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.chassis.access import sections
from services.chassis.inputs import Id, Text
from services.chassis.references import USERS, Reference
from services.chassis.schemas import Result, page_of
from services.sales.closing.model import TURNS as TURNS
from services.sales.contracts.contract import Contract
from services.sales.opportunities.contract import OneOpportunity, Opportunity, Page
from services.sales.orders.contract import Order
from services.sales.shared.amounts import MOST_ITEMS, Discount, Item, Terms, currency


class CloseAsWon(OneOpportunity):
    """Row S15. `items`: what is sold with the closing; without them, the opportunity's orders are what was sold.

    Where an active order exists, all items must be surplus: products that the first sale lacks, or marked as surplus.
    """

    items = fields.List(
        fields.Nested(Item), load_default=None, allow_none=True, validate=validate.Length(min=1, max=MOST_ITEMS)
    )
    discount = fields.Nested(Discount, load_default=None, allow_none=True)
    terms = fields.Nested(Terms, load_default=None, allow_none=True)
    notes = Text(4_000, load_default="")
    currency = currency()

    @validates_schema
    def of_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data["items"] and (data["discount"] or data["terms"]):
            raise ValidationError("Informe os itens vendidos.", "items")


class CloseAsLost(OneOpportunity):
    """Row S15. `lost_reason_id`: one of /v1/lost-reasons; `details`: required where the reason needs details."""

    reason = Id(required=True, data_key="lost_reason_id")
    details = Text(1_000, load_default="")


class ReopenOpportunity(OneOpportunity):
    reason = Text(1_000, required=True)


class ClosedOpportunity(Opportunity):
    """The opportunity with its orders, the oldest first, and the contracts made: the sale's, then the surplus's."""

    orders = fields.List(fields.Nested(Order), metadata=sections.of("orders"))
    contracts = fields.List(fields.Nested(Contract), metadata=sections.of("contracts"))


class ListTurns(Page):
    """Closings and reopenings, the newest first."""

    opportunity_id = Id(required=True)


class Turn(Result):
    """`kind`: won, lost, ended (without an outcome) or reopened. `approved_by`: the supervisor."""

    id = fields.String()
    opportunity_id = fields.String()
    attendance_id = fields.String()
    person_id = fields.String()
    kind = fields.String(validate=validate.OneOf(TURNS))
    reason = fields.String(allow_none=True)
    text = fields.String()
    recorded_by = Reference(USERS, "author_id", "author_name")
    approved_by = Reference(USERS, "supervisor_id", "supervisor_name", allow_none=True)
    recorded_at = fields.DateTime()
    order_ids = fields.List(fields.String())
    contract_ids = fields.List(fields.String())


TurnPage = page_of(Turn, "TurnPage")
