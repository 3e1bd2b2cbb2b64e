"""Reading received messages (row N10)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.notifications.inbound import contract
from services.notifications.inbound.model import InboundMessage
from services.notifications.session import NotificationsSession


@query(
    takes=contract.ListInboundMessages,
    gives=contract.InboundMessagePage,
    needs="notifications.read",
    section="attendances",
)
def list_inbound_messages(session: NotificationsSession, data: dict[str, Any]) -> dict[str, Any]:
    """Only of persons and attendances that the actor may see. Raises Invalid("cursor_invalid")."""
    return session.inbound.page(**data)


@query(
    takes=contract.GetInboundMessage, gives=contract.InboundMessage, needs="notifications.read", section="attendances"
)  # fmt: skip
def get_inbound_message(session: NotificationsSession, data: dict[str, Any]) -> InboundMessage:
    """Raises NotFound("inbound_message_not_found")."""
    return session.inbound.get(data["message_id"])
