"""Reading webhooks and the event feed (row N9)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION, KINDS
from services.chassis.handling.entrypoints import query
from services.notifications.session import NotificationsSession
from services.notifications.webhooks import contract
from services.notifications.webhooks.catalogue import types_of
from services.notifications.webhooks.model import Webhook

Data = dict[str, Any]


@query(
    takes=contract.GetWebhook, gives=contract.Webhook, needs="notifications.configure", section=CONFIGURATION,
    unnarrowed=KINDS,
)  # fmt: skip
def get_webhook(session: NotificationsSession, data: Data) -> Webhook:
    """Raises NotFound("webhook_not_found")."""
    return session.webhooks.get(data["webhook_id"])


@query(
    takes=contract.ListWebhooks, gives=contract.WebhookPage, needs="notifications.configure", section=CONFIGURATION,
    unnarrowed=KINDS,
)  # fmt: skip
def list_webhooks(session: NotificationsSession, data: Data) -> Data:
    """Newest first. Raises Invalid("cursor_invalid")."""
    return session.webhooks.page(**data)


@query(
    takes=contract.ListEvents, gives=contract.EventPage, needs="notifications.read",
    section=("watchers", "attendances", "opportunities"),
)  # fmt: skip
def list_events(session: NotificationsSession, data: Data) -> Data:
    """The types that the reader may read, of persons and attendances that they see.

    Raises Invalid: event_type_hidden, cursor_invalid.
    """
    types = types_of(data.pop("types"), session.actor.permissions, session.actor.sight)
    return session.feed.page(types, now=session.now, **data)
