"""The events that `sales` publishes."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.schemas import DataErased, Event, EventData
from services.sales.nfe_events import NFE_CHANGED as NFE_CHANGED
from services.sales.nfe_events import NFE_REQUESTED as NFE_REQUESTED
from services.sales.nfe_events import NFE_SENT as NFE_SENT
from services.sales.nfe_events import SERVICE as SERVICE
from services.sales.order_events import (
    OrderCancelled,
    OrderDeleted,
    OrderPlaced,
    ServiceInvoiceChanged,
    ServiceOrderChanged,
    ServiceOrderDeleted,
)


class OpportunityTold(EventData):
    opportunity_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    description = fields.String(required=True)
    stage_id = fields.String(required=True)
    contact_date = fields.Date(required=True)
    responsible_id = fields.String(required=True, allow_none=True)
    amount = fields.Decimal(required=True, allow_none=True, as_string=True)
    currency = fields.String(required=True)


class OpportunityCreated(OpportunityTold):
    """`person_name`: the customer's, for a service that has no replica of the person yet."""

    person_name = fields.String(required=True)


class OpportunityChanged(OpportunityTold):
    """The state of an opportunity after a change; `renamed`: its description changed."""

    renamed = fields.Boolean(required=True)
    customer_status = fields.String(required=True)
    markers = fields.List(fields.String(), required=True)
    archived = fields.Boolean(required=True)


class OpportunityDeleted(EventData):
    """The opportunity was deleted; its conversation stays in the person's history, closed."""

    opportunity_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)


class OpportunityClosed(OpportunityDeleted):
    """The opportunity was closed, or got its outcome later; `summary` (pt-BR) is the last entry of its conversation.

    `outcome`: won, lost, or null. `closed_by` and `approved_by` are names.
    """

    outcome = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    summary = fields.String(required=True)
    closed_by = fields.String(required=True, allow_none=True)
    approved_by = fields.String(required=True, allow_none=True)
    order_ids = fields.List(fields.String(), required=True)
    contract_ids = fields.List(fields.String(), required=True)


class OpportunityReopened(OpportunityDeleted):
    """The opportunity was reopened; `summary` (pt-BR) is an entry of its conversation."""

    summary = fields.String(required=True)
    stage_id = fields.String(required=True)
    reopened_by = fields.String(required=True)
    approved_by = fields.String(required=True)


class ActionAdded(EventData):
    """An action was added; the conversation records it as an entry with the action's id."""

    action_id = fields.String(required=True)
    opportunity_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    kind = fields.String(required=True)
    text = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    assignee_id = fields.String(required=True, allow_none=True)
    situation = fields.String(required=True)


class ActionSettled(EventData):
    action_id = fields.String(required=True)
    opportunity_id = fields.String(required=True)
    person_id = fields.String(required=True)
    situation = fields.String(required=True)


class QuoteChanged(EventData):
    """The current version of a quote after a change; a flow's totals add up those in approval (row A13)."""

    quote_id = fields.String(required=True)
    number = fields.Integer(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    opportunity_id = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    total = fields.Decimal(required=True, as_string=True)
    currency = fields.String(required=True)


class QuoteAnswered(EventData):
    """A customer accepted or refused a version (`number`) on the quote's page, or asked about it (`kind`).

    `name`: as the customer typed it.
    """

    answer_id = fields.String(required=True)
    quote_id = fields.String(required=True)
    quote_number = fields.Integer(required=True)
    number = fields.Integer(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    opportunity_id = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    comment = fields.String(required=True)


class ToldProduct(EventData):
    """A product of the catalogue after a change; `version`: the product's."""

    product_id = fields.String(required=True)
    code = fields.String(required=True)
    description = fields.String(required=True)
    unit = fields.String(required=True)
    price = fields.Decimal(required=True, allow_none=True, as_string=True)
    currency = fields.String(required=True)
    active = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class ProductsChanged(EventData):
    """Products that were added or changed: one, or a part of an imported file."""

    products = fields.List(fields.Nested(ToldProduct), required=True)


class CommissionClosed(EventData):
    """A person's commissions were closed: `entries` of them, `total` in all, payable by the end of `ends_on`."""

    closing_id = fields.String(required=True)
    number = fields.Integer(required=True)
    person_id = fields.String(required=True)
    currency = fields.String(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    entries = fields.Integer(required=True)
    total = fields.Decimal(required=True, as_string=True)


class DocumentSent(EventData):
    """A quote or a visit sheet is to be e-mailed; the event carries the rendered mail.

    `pdf`: base64, at most 1.4 million characters; `html` at most a million.
    """

    sending_id = fields.String(required=True)
    kind = fields.String(required=True)
    person_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    opportunity_id = fields.String(required=True, allow_none=True)
    quote_id = fields.String(required=True, allow_none=True)
    number = fields.Integer(required=True, allow_none=True)
    recipients = fields.List(fields.String(), required=True)
    author_name = fields.String(required=True)
    sent_at = fields.DateTime(required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    html = fields.String(required=True)
    pdf = fields.String(required=True)
    file_name = fields.String(required=True)


class ContractBilled(EventData):
    """A contract's period was billed as a receivable; `period`: a month, as 2026-03."""

    receivable_id = fields.String(required=True)
    contract_id = fields.String(required=True)
    contract_number = fields.Integer(required=True)
    person_id = fields.String(required=True)
    period = fields.String(required=True)
    due_date = fields.Date(required=True)
    amount = fields.Decimal(required=True, as_string=True)
    currency = fields.String(required=True)


class ReceivableWithdrawn(EventData):
    """A receivable that a contract (`source_id`) billed wrongly was cancelled; its period may be billed again."""

    receivable_id = fields.String(required=True)
    source_id = fields.String(required=True)
    person_id = fields.String(required=True)
    period = fields.String(required=True, allow_none=True)
    due_date = fields.Date(required=True)
    amount = fields.Decimal(required=True, as_string=True)
    currency = fields.String(required=True)


class PaymentRecorded(EventData):
    """A payment of a receivable: `amount` was received, and pays `settles` of the debt.

    `status` and `outstanding`: of the receivable after it.
    """

    receivable_id = fields.String(required=True)
    payment_id = fields.String(required=True)
    person_id = fields.String(required=True)
    source = fields.String(required=True)
    currency = fields.String(required=True)
    status = fields.String(required=True)
    outstanding = fields.Decimal(required=True, as_string=True)
    amount = fields.Decimal(required=True, as_string=True)
    settles = fields.Decimal(required=True, as_string=True)
    paid_on = fields.Date(required=True)
    way = fields.String(required=True)


class PaymentReversed(PaymentRecorded):
    """A payment was taken back."""


OPPORTUNITY_CREATED = Event(SERVICE, "opportunity_created", OpportunityCreated)
OPPORTUNITY_CHANGED = Event(SERVICE, "opportunity_changed", OpportunityChanged)
OPPORTUNITY_CLOSED = Event(SERVICE, "opportunity_closed", OpportunityClosed)
OPPORTUNITY_REOPENED = Event(SERVICE, "opportunity_reopened", OpportunityReopened)
OPPORTUNITY_DELETED = Event(SERVICE, "opportunity_deleted", OpportunityDeleted)
ACTION_ADDED = Event(SERVICE, "action_added", ActionAdded)
ACTION_SETTLED = Event(SERVICE, "action_settled", ActionSettled)
QUOTE_CHANGED = Event(SERVICE, "quote_changed", QuoteChanged)
QUOTE_ANSWERED = Event(SERVICE, "quote_answered", QuoteAnswered)
ORDER_PLACED = Event(SERVICE, "order_placed", OrderPlaced)
ORDER_CANCELLED = Event(SERVICE, "order_cancelled", OrderCancelled)
ORDER_DELETED = Event(SERVICE, "order_deleted", OrderDeleted)
PRODUCTS_CHANGED = Event(SERVICE, "products_changed", ProductsChanged)
SERVICE_ORDER_CHANGED = Event(SERVICE, "service_order_changed", ServiceOrderChanged)
SERVICE_ORDER_DELETED = Event(SERVICE, "service_order_deleted", ServiceOrderDeleted)
SERVICE_INVOICE_CHANGED = Event(SERVICE, "service_invoice_changed", ServiceInvoiceChanged)
COMMISSION_CLOSED = Event(SERVICE, "commission_closed", CommissionClosed)
DOCUMENT_SENT = Event(SERVICE, "document_sent", DocumentSent)
CONTRACT_BILLED = Event(SERVICE, "contract_billed", ContractBilled)
RECEIVABLE_WITHDRAWN = Event(SERVICE, "receivable_withdrawn", ReceivableWithdrawn)
PAYMENT_RECORDED = Event(SERVICE, "payment_recorded", PaymentRecorded)
PAYMENT_REVERSED = Event(SERVICE, "payment_reversed", PaymentReversed)
PERSON_DATA_ERASED = Event(SERVICE, "person_data_erased", DataErased)
EVENTS = (
    OPPORTUNITY_CREATED,
    OPPORTUNITY_CHANGED,
    OPPORTUNITY_CLOSED,
    OPPORTUNITY_REOPENED,
    OPPORTUNITY_DELETED,
    ACTION_ADDED,
    ACTION_SETTLED,
    QUOTE_CHANGED,
    QUOTE_ANSWERED,
    ORDER_PLACED,
    ORDER_CANCELLED,
    ORDER_DELETED,
    SERVICE_ORDER_CHANGED,
    SERVICE_ORDER_DELETED,
    SERVICE_INVOICE_CHANGED,
    CONTRACT_BILLED,
    RECEIVABLE_WITHDRAWN,
    PAYMENT_RECORDED,
    PAYMENT_REVERSED,
    PRODUCTS_CHANGED,
    COMMISSION_CLOSED,
    DOCUMENT_SENT,
    NFE_REQUESTED,
    NFE_CHANGED,
    NFE_SENT,
    PERSON_DATA_ERASED,
)
