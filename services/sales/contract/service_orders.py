"""Service orders and service invoices of a person (row S20)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import PAGE_LIMIT, Result, Strict, page_of, text
from services.sales.contract.amounts import Basket, Discount, amount, currency, items
from services.sales.domain.service_order import SERVICE_INVOICE_STATUSES, SERVICE_ORDER_STATUSES


class PutServiceOrder(Strict):
    """From another system, under its own id: put again, it is the same service order with the new values."""

    external_id = text(100)
    person_id = text(64)
    description = text(300)
    items = items()
    discount = fields.Nested(Discount, load_default=None, allow_none=True)
    opened_on = fields.Date(required=True)
    scheduled_on = fields.Date(load_default=None, allow_none=True)
    done_on = fields.Date(load_default=None, allow_none=True)
    responsible = text(150, required=False, load_default="")
    status = fields.String(load_default="open", validate=validate.OneOf(SERVICE_ORDER_STATUSES))
    currency = currency()


class FinishServiceOrder(Strict):
    """`done_on` (the company's calendar) defaults to today."""

    service_order_id = text(64)
    done_on = fields.Date(load_default=None, allow_none=True)


class CancelServiceOrder(Strict):
    service_order_id = text(64)
    reason = text(500)


class ServiceInvoice(Result):
    """A city's invoice of services (NFS-e); `number` is the city's. `status`: issued or cancelled."""

    id = fields.String()
    person_id = fields.String()
    source_id = fields.String()
    number = fields.String()
    series = fields.String()
    issued_on = fields.Date()
    amount = fields.Decimal(as_string=True)
    currency = fields.String()
    description = fields.String()
    verification_code = fields.String()
    url = fields.String()
    status = fields.String()
    service_order_id = fields.String(allow_none=True)
    created_at = fields.DateTime()
    version = fields.Integer()


class ServiceOrder(Result):
    """`source`: order or external; `status`: open, done or cancelled."""

    id = fields.String()
    number = fields.Integer()
    person_id = fields.String()
    source = fields.String()
    source_id = fields.String()
    description = fields.String()
    basket = fields.Nested(Basket)
    currency = fields.String()
    opened_on = fields.Date()
    scheduled_on = fields.Date(allow_none=True)
    done_on = fields.Date(allow_none=True)
    responsible = fields.String()
    status = fields.String()
    status_reason = fields.String()
    created_at = fields.DateTime()
    version = fields.Integer()


class ServiceOrderDetails(ServiceOrder):
    """With its invoices, newest first, at most 50."""

    invoices = fields.List(fields.Nested(ServiceInvoice))


ServiceOrderPage = page_of(ServiceOrder, "ServiceOrderPage")
ServiceInvoicePage = page_of(ServiceInvoice, "ServiceInvoicePage")


class ListServiceOrders(Strict):
    """Newest first; all, or those of one status."""

    person_id = text(64)
    status = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(SERVICE_ORDER_STATUSES))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_LIMIT))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))


class PutServiceInvoice(Strict):
    """From the system that issued it, under its own id. `service_order_id` is the id of a service order here."""

    external_id = text(100)
    person_id = text(64)
    number = text(30)
    series = text(10, required=False, load_default="")
    issued_on = fields.Date(required=True)
    amount = amount(required=True)
    currency = currency()
    description = text(2_000, required=False, load_default="")
    verification_code = text(60, required=False, load_default="")
    url = fields.String(load_default="", validate=validate.Regexp(r"^(https://\S{1,490})?$"))
    status = fields.String(load_default="issued", validate=validate.OneOf(SERVICE_INVOICE_STATUSES))
    service_order_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=64))


class ListServiceInvoices(Strict):
    """Newest first; all, or those of one status."""

    person_id = text(64)
    status = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(SERVICE_INVOICE_STATUSES))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_LIMIT))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))
