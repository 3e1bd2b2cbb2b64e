"""Trying a delivery again by hand (row N7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.chassis.handling.entrypoints import command
from services.notifications.deliveries import contract
from services.notifications.deliveries.model import LOG_SECTIONS, Delivery
from services.notifications.session import NotificationsSession


@command(
    takes=contract.RetryDelivery, gives=contract.Delivery, needs="notifications.configure", section=LOG_SECTIONS
)  # fmt: skip
def retry_delivery(tx: NotificationsSession, data: dict[str, Any]) -> Delivery:
    """Queues a delivery that failed, died or was suppressed, with all attempts anew. Raises
    NotFound("delivery_not_found"); Conflict: delivery_sent, delivery_in_progress, delivery_text_gone.
    """
    delivery = tx.deliveries.get(data["delivery_id"])
    was = replace(delivery)
    delivery.retry(tx.now)
    tx.deliveries.requeue(delivery, was)
    return delivery
