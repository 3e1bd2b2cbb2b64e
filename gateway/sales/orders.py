"""Orders: sales and purchases, of a person or of the company (rows S13, S14)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import CountedQuery, JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.chassis.inputs import Choice
from services.sales.orders import contract
from services.sales.orders.contract import KINDS

blp = JsonBlueprint("orders", __name__, url_prefix="/v1", description="Vendas e compras")


class OrderQuery(CountedQuery):
    kind = Choice(KINDS, load_default="sale")


@blp.post("/persons/<string:person_id>/orders")
@blp.summary("Registra uma venda ou compra")
@needs("sales.write")
@blp.arguments(contract.PlaceOrder(exclude=("person_id",)))
@blp.response(201, contract.Order, at="/v1/orders/{id}")
@refuses(blp, 404)
def place_order(data: dict[str, Any], person_id: str) -> Any:
    return send_command("sales", "place_order", contract.PlaceOrder, data, person_id=person_id)


@blp.get("/persons/<string:person_id>/orders")
@blp.summary("Lista as vendas e compras de uma pessoa")
@needs("sales.read")
@blp.arguments(OrderQuery, location="query")
@blp.response(200, contract.OrderPage)
@refuses(blp)
def list_orders_of_person(data: dict[str, Any], person_id: str) -> Any:
    return send_query("sales", "list_orders", {**data, "person_id": person_id})


@blp.get("/attendances/<string:attendance_id>/orders")
@blp.summary("Lista as vendas e compras de um atendimento")
@needs("sales.read")
@blp.arguments(OrderQuery, location="query")
@blp.response(200, contract.OrderPage)
@refuses(blp)
def list_orders_of_attendance(data: dict[str, Any], attendance_id: str) -> Any:
    return send_query("sales", "list_orders", {**data, "attendance_id": attendance_id})


@blp.get("/orders")
@blp.summary("Lista as vendas e compras da empresa")
@needs("sales.read")
@blp.arguments(contract.SearchOrders, location="query")
@blp.response(200, contract.CompanyOrderPage)
@refuses(blp)
def search_orders(data: dict[str, Any]) -> Any:
    """All sales, or all purchases, of the company."""
    return send_query("sales", "search_orders", data, contract.SearchOrders)


@blp.get("/orders/<string:order_id>")
@blp.summary("Lê uma venda ou compra")
@needs("sales.read")
@blp.response(200, contract.Order)
@refuses(blp, 404)
def get_order(order_id: str) -> Any:
    return send_query("sales", "get_order", {"id": order_id})


@blp.post("/orders/<string:order_id>/cancel")
@blp.summary("Cancela uma venda ou compra")
@needs("sales.write")
@blp.arguments(contract.CancelOrder(only=("reason",)))
@blp.response(200, contract.Order)
@refuses(blp, 404, 409, 412)
def cancel_order(data: dict[str, Any], order_id: str) -> Any:
    return send_command("sales", "cancel_order", contract.CancelOrder, data, order_id=order_id)


@blp.delete("/orders/<string:order_id>")
@blp.summary("Exclui uma venda ou compra")
@needs("sales.write")
@blp.response(200, contract.DeletedOrder)
@refuses(blp, 404, 409, 412)
def delete_order(order_id: str) -> Any:
    """Final, with its open receivables."""
    return send_command("sales", "delete_order", contract.DeleteOrder, {}, order_id=order_id)
