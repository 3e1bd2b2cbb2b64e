"""Service orders and service invoices of a person (row S20)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.inputs import Choice, Code, Cursor, Day, Id, Line, Text, Whole
from services.chassis.schemas import PAGE_LIMIT, Counted, Result, Strict, counted_page_of
from services.sales.service_orders.model import SERVICE_INVOICE_STATUSES as SERVICE_INVOICE_STATUSES
from services.sales.service_orders.model import SERVICE_ORDER_STATUSES as SERVICE_ORDER_STATUSES
from services.sales.shared.amounts import Basket, Discount, amount, currency, items


class PutServiceOrder(Strict):
    """A service order of another system, under its id there: put again, it gets the new values."""

    external_id = Id(100, required=True)
    person_id = Id(required=True)
    description = Line(300, required=True)
    items = items()
    discount = fields.Nested(Discount, load_default=None, allow_none=True)
    opened_on = Day(required=True)
    scheduled_on = Day(load_default=None, allow_none=True)
    done_on = Day(load_default=None, allow_none=True)
    responsible = Line(150, load_default="", data_key="responsible_name")
    status = Choice(SERVICE_ORDER_STATUSES, load_default="open", data_key="state")
    currency = currency()


class FinishServiceOrder(Strict):
    """`done_on` (the company's calendar) defaults to today."""

    service_order_id = Id(required=True)
    done_on = Day(load_default=None, allow_none=True)


class CancelServiceOrder(Strict):
    service_order_id = Id(required=True)
    reason = Text(500, required=True)


class ServiceInvoice(Result):
    """A city's invoice of services (NFS-e); `number` is the city's. `state`: issued or cancelled."""

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
    state = Choice(SERVICE_INVOICE_STATUSES, attribute="status")
    service_order_id = fields.String(allow_none=True)
    created_at = fields.DateTime()
    version = fields.Integer()


class ServiceOrder(Result):
    """`source`: order or external; `state`: open, done or cancelled."""

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
    responsible_name = fields.String(attribute="responsible")
    state = Choice(SERVICE_ORDER_STATUSES, attribute="status")
    state_reason = fields.String(attribute="status_reason")
    created_at = fields.DateTime()
    version = fields.Integer()


class ServiceOrderDetails(ServiceOrder):
    """With its invoices, newest first, at most 50."""

    invoices = fields.List(fields.Nested(ServiceInvoice))


ServiceOrderPage = counted_page_of(ServiceOrder, "ServiceOrderPage")
ServiceInvoicePage = counted_page_of(ServiceInvoice, "ServiceInvoicePage")


class ListServiceOrders(Counted):
    """Newest first; all, or those of one status."""

    person_id = Id(required=True)
    status = Choice(SERVICE_ORDER_STATUSES, load_default=None, allow_none=True, data_key="state")
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class PutServiceInvoice(Strict):
    """An invoice of the system that issued it, under its id there. `service_order_id`: of a service order here."""

    external_id = Id(100, required=True)
    person_id = Id(required=True)
    number = Line(30, required=True)
    series = Line(10, load_default="")
    issued_on = Day(required=True)
    amount = amount(required=True)
    currency = currency()
    description = Text(2_000, load_default="")
    verification_code = Line(60, load_default="")
    url = Code(r"(https://\S{1,490})?", load_default="")
    status = Choice(SERVICE_INVOICE_STATUSES, load_default="issued", data_key="state")
    service_order_id = Id(minimum=0, load_default=None, allow_none=True)


class ListServiceInvoices(Counted):
    """Newest first; all, or those of one status."""

    person_id = Id(required=True)
    status = Choice(SERVICE_INVOICE_STATUSES, load_default=None, allow_none=True, data_key="state")
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()
