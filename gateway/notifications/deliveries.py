"""What was sent (row N7)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_query
from services.chassis.inputs import Id
from services.notifications.deliveries import contract

blp = JsonBlueprint("deliveries", __name__, url_prefix="/v1/deliveries", description="Envios")


class DeliveryQuery(PageQuery):
    person_id = Id(minimum=0, load_default=None)


@blp.get("")
@blp.told("Lista os envios")
@needs("notifications.read")
@blp.arguments(DeliveryQuery, location="query")
@blp.response(200, contract.DeliveryPage)
@refuses(blp)
def list_deliveries(data: dict[str, Any]) -> Any:
    """Row N7."""
    return send_query("notifications", "list_deliveries", data)
