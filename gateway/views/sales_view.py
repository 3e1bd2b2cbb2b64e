"""The sales to a customer, their receivables and their service orders in one call: the tabs Sales, Finance and Service
beside an opportunity's timeline (row S21)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from gateway.bus.answers import Answer
from gateway.bus.calls import Request
from gateway.bus.rpc import Bus
from gateway.http import auth
from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import bus
from gateway.views.sections import COUNTED, members, page_of_call, section_of
from services.chassis.access.context import Context
from services.chassis.errors import Invalid, NotFound
from services.chassis.schemas import Result
from services.sales.nfe.contract import Nfe
from services.sales.orders.contract import Order
from services.sales.quotes.contract import Quote
from services.sales.receivables.contract import Receivable
from services.sales.service_orders.contract import ServiceInvoice, ServiceOrder

blp = JsonBlueprint("sales_view", __name__, url_prefix="/v1", description="Vendas a uma pessoa")

# By section: the query of sales, and its further input.
SECTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "orders": ("list_orders", {"kind": "sale"}),
    "quotes": ("list_quotes", {}),
    "nfe": ("list_nfes", {}),
    "receivables": ("list_receivables", {}),
    "service_orders": ("list_service_orders", {}),
    "service_invoices": ("list_service_invoices", {}),
}


class SalesView(Result):
    """`receivables`: the open ones. `unavailable`: sections that did not answer; `withheld`: those that the user may
    not see."""

    orders = section_of(Order, "CustomerOrders")
    quotes = section_of(Quote, "CustomerQuotes")
    nfe = section_of(Nfe, "CustomerNfe")
    receivables = section_of(Receivable, "CustomerReceivables")
    service_orders = section_of(ServiceOrder, "CustomerServiceOrders")
    service_invoices = section_of(ServiceInvoice, "CustomerServiceInvoices")
    unavailable = fields.List(fields.String())
    withheld = fields.List(fields.String())


@blp.get("/persons/<string:person_id>/sales-view")
@blp.summary(
    "Lê as vendas, o financeiro e os serviços de uma pessoa",
    "A primeira página de vendas, propostas, NF-e, títulos em aberto, ordens e notas de serviço, com as contagens.",
)
@needs("sales.read")
@blp.response(200, SalesView)
@refuses(blp, 404)
def get_sales_view(person_id: str) -> Any:
    """Row S21: the tabs beside a timeline."""
    return gather(bus(), auth.context(auth.current_config().view_seconds), person_id)


def gather(bus: Bus, context: Context, person_id: str) -> Answer:
    """Raises NotFound("person_not_found"), and Invalid for an id that is none."""
    requests = [
        Request("sales", method, {"person_id": person_id, **data, **COUNTED}) for method, data in SECTIONS.values()
    ]
    with bus.gather(context, *requests) as calls:
        outcomes = [call.outcome() for call in calls]
        refusal = next((outcome for outcome in outcomes if isinstance(outcome, NotFound | Invalid)), None)
        if refusal is not None:
            raise refusal
        pages = {name: page_of_call(call) for name, call in zip(SECTIONS, calls, strict=True)}
    return Answer(b"{" + b",".join(members(SECTIONS, pages)) + b"}", None)
