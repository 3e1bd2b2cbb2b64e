"""Reading the delivery log (row N7)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.notifications.deliveries import contract
from services.notifications.deliveries.model import LOG_SECTIONS, Delivery
from services.notifications.session import NotificationsSession


@query(
    takes=contract.ListDeliveries,
    gives=contract.DeliveryPage,
    needs="notifications.read",
    section=LOG_SECTIONS,
)
def list_deliveries(session: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row N7: those of persons and attendances that the user may see. Raises Invalid("cursor_invalid")."""
    return session.deliveries.recent(**data)


@query(takes=contract.GetDelivery, gives=contract.Delivery, needs="notifications.read", section=LOG_SECTIONS)
def get_delivery(session: NotificationsSession, data: dict[str, Any]) -> Delivery:
    """Row N7. Raises NotFound("delivery_not_found")."""
    return session.deliveries.get(data["delivery_id"])
