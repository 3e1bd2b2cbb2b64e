"""What `sales` announces."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.schemas import DataErased, Event, EventData

SERVICE = "sales"


class OpportunityCreated(EventData):
    opportunity_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    description = fields.String(required=True)


class QuoteChanged(EventData):
    """`status` and `total` of the current version; those in approval are a flow's amounts (row A13)."""

    quote_id = fields.String(required=True)
    number = fields.Integer(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    opportunity_id = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    total = fields.Decimal(required=True, as_string=True)
    currency = fields.String(required=True)


class OrderPlaced(EventData):
    """`kind`: sale or purchase."""

    order_id = fields.String(required=True)
    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True, allow_none=True)
    opportunity_id = fields.String(required=True, allow_none=True)
    total = fields.Decimal(required=True, as_string=True)
    currency = fields.String(required=True)


class OrderCancelled(OrderPlaced):
    """The order stays, cancelled."""


class OrderDeleted(OrderPlaced):
    """The order is gone."""


OPPORTUNITY_CREATED = Event(SERVICE, "opportunity_created", OpportunityCreated)
QUOTE_CHANGED = Event(SERVICE, "quote_changed", QuoteChanged)
ORDER_PLACED = Event(SERVICE, "order_placed", OrderPlaced)
ORDER_CANCELLED = Event(SERVICE, "order_cancelled", OrderCancelled)
ORDER_DELETED = Event(SERVICE, "order_deleted", OrderDeleted)
PERSON_DATA_ERASED = Event(SERVICE, "person_data_erased", DataErased)
EVENTS = (OPPORTUNITY_CREATED, QUOTE_CHANGED, ORDER_PLACED, ORDER_CANCELLED, ORDER_DELETED, PERSON_DATA_ERASED)
