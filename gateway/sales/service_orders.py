"""Service orders and service invoices of a person (row S20)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import CountedQuery, JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.chassis.inputs import Choice
from services.sales.service_orders import contract

blp = JsonBlueprint("service_orders", __name__, url_prefix="/v1", description="Ordens e notas de serviço")


class ServiceOrderQuery(CountedQuery):
    status = Choice(contract.SERVICE_ORDER_STATUSES, load_default=None, data_key="state")


class ServiceInvoiceQuery(CountedQuery):
    status = Choice(contract.SERVICE_INVOICE_STATUSES, load_default=None, data_key="state")


@blp.get("/persons/<string:person_id>/service-orders")
@blp.summary("Lista as ordens de serviço de uma pessoa")
@needs("sales.read")
@blp.arguments(ServiceOrderQuery, location="query")
@blp.response(200, contract.ServiceOrderPage)
@refuses(blp)
def list_service_orders(data: dict[str, Any], person_id: str) -> Any:
    return send_query("sales", "list_service_orders", {**data, "person_id": person_id})


@blp.put("/persons/<string:person_id>/service-orders/<string:external_id>")
@blp.summary(
    "Grava uma ordem de serviço de outro sistema",
    "Pelo id dela lá: gravada de novo, é a mesma ordem de serviço.",
)
@needs("sales.write")
@blp.arguments(contract.PutServiceOrder(exclude=("person_id", "external_id")))
@blp.response(200, contract.ServiceOrder)
@refuses(blp, 404, 409)
def put_service_order(data: dict[str, Any], person_id: str, external_id: str) -> Any:
    """Stores another system's service order under that system's id; repeated, it changes the same service order."""
    path = {"person_id": person_id, "external_id": external_id}
    return send_command("sales", "put_service_order", contract.PutServiceOrder, data, **path)


@blp.get("/service-orders/<string:service_order_id>")
@blp.summary("Lê uma ordem de serviço", "Com as suas notas de serviço.")
@needs("sales.read")
@blp.response(200, contract.ServiceOrderDetails)
@refuses(blp, 404)
def get_service_order(service_order_id: str) -> Any:
    """The service order with its invoices."""
    return send_query("sales", "get_service_order", {"id": service_order_id})


@blp.post("/service-orders/<string:service_order_id>/finish")
@blp.summary("Conclui uma ordem de serviço")
@needs("sales.write")
@blp.arguments(contract.FinishServiceOrder(only=("done_on",)))
@blp.response(200, contract.ServiceOrder)
@refuses(blp, 404, 409, 412)
def finish_service_order(data: dict[str, Any], service_order_id: str) -> Any:
    path = {"service_order_id": service_order_id}
    return send_command("sales", "finish_service_order", contract.FinishServiceOrder, data, **path)


@blp.post("/service-orders/<string:service_order_id>/cancel")
@blp.summary("Cancela uma ordem de serviço")
@needs("sales.write")
@blp.arguments(contract.CancelServiceOrder(only=("reason",)))
@blp.response(200, contract.ServiceOrder)
@refuses(blp, 404, 409, 412)
def cancel_service_order(data: dict[str, Any], service_order_id: str) -> Any:
    path = {"service_order_id": service_order_id}
    return send_command("sales", "cancel_service_order", contract.CancelServiceOrder, data, **path)


@blp.get("/persons/<string:person_id>/service-invoices")
@blp.summary("Lista as notas de serviço de uma pessoa")
@needs("sales.read")
@blp.arguments(ServiceInvoiceQuery, location="query")
@blp.response(200, contract.ServiceInvoicePage)
@refuses(blp)
def list_service_invoices(data: dict[str, Any], person_id: str) -> Any:
    return send_query("sales", "list_service_invoices", {**data, "person_id": person_id})


@blp.put("/persons/<string:person_id>/service-invoices/<string:external_id>")
@blp.summary("Grava uma nota de serviço de outro sistema", "Como a diz quem a emitiu, pelo id dela lá.")
@needs("sales.write")
@blp.arguments(contract.PutServiceInvoice(exclude=("person_id", "external_id")))
@blp.response(200, contract.ServiceInvoice)
@refuses(blp, 404, 409)
def put_service_invoice(data: dict[str, Any], person_id: str, external_id: str) -> Any:
    """Stores the invoice under the id of the system that issued it."""
    path = {"person_id": person_id, "external_id": external_id}
    return send_command("sales", "put_service_invoice", contract.PutServiceInvoice, data, **path)


@blp.get("/service-invoices/<string:service_invoice_id>")
@blp.summary("Lê uma nota de serviço")
@needs("sales.read")
@blp.response(200, contract.ServiceInvoice)
@refuses(blp, 404)
def get_service_invoice(service_invoice_id: str) -> Any:
    return send_query("sales", "get_service_invoice", {"id": service_invoice_id})
