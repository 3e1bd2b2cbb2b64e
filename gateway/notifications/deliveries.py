"""What was sent, and trying again (row N7)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.notifications.deliveries import contract

blp = JsonBlueprint("deliveries", __name__, url_prefix="/v1/deliveries", description="Envios")


@blp.get("")
@blp.summary("Lista os envios", "Os mais novos primeiro: da empresa ou de uma pessoa, por situação, canal e período.")
@needs("notifications.read")
@blp.arguments(contract.ListDeliveries, location="query")
@blp.response(200, contract.DeliveryPage)
@refuses(blp)
def list_deliveries(data: dict[str, Any]) -> Any:
    """Row N7."""
    return send_query("notifications", "list_deliveries", data, contract.ListDeliveries)


@blp.get("/<string:delivery_id>")
@blp.summary("Lê um envio", "Com as últimas tentativas.")
@needs("notifications.read")
@blp.response(200, contract.Delivery)
@refuses(blp, 404)
def get_delivery(delivery_id: str) -> Any:
    return send_query("notifications", "get_delivery", {"delivery_id": delivery_id})


@blp.post("/<string:delivery_id>/retry")
@blp.summary("Tenta um envio de novo", "Só o que falhou, foi abandonado ou suprimido; com todas as tentativas de novo.")
@needs("notifications.configure")
@blp.response(202, contract.Delivery)
@refuses(blp, 404, 409)
def retry_delivery(delivery_id: str) -> Any:
    return send_command("notifications", "retry_delivery", contract.RetryDelivery, {}, delivery_id=delivery_id)
