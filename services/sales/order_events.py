"""The events of orders, service orders and service invoices (rows S13, S20); part of events.py."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.schemas import EventData


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
    """The order was cancelled."""


class OrderDeleted(OrderPlaced):
    """The order was deleted."""


class ServiceOrderDeleted(EventData):
    """The service order was deleted with its sale."""

    service_order_id = fields.String(required=True)
    number = fields.Integer(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True, allow_none=True)


class ServiceOrderChanged(ServiceOrderDeleted):
    """The state of a service order after a change.

    `source`: order or external; `status`: open, done or cancelled.
    """

    source = fields.String(required=True)
    status = fields.String(required=True)
    total = fields.Decimal(required=True, as_string=True)
    currency = fields.String(required=True)
    opened_on = fields.Date(required=True)
    scheduled_on = fields.Date(required=True, allow_none=True)
    done_on = fields.Date(required=True, allow_none=True)


class ServiceInvoiceChanged(EventData):
    """The state of a service invoice after a change; `status`: issued or cancelled."""

    service_invoice_id = fields.String(required=True)
    service_order_id = fields.String(required=True, allow_none=True)
    number = fields.String(required=True)
    series = fields.String(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    amount = fields.Decimal(required=True, as_string=True)
    currency = fields.String(required=True)
    issued_on = fields.Date(required=True)
