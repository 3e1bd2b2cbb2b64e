"""Webhooks: made, changed, paused, resumed, delivered again (row N9)."""

from __future__ import annotations

import secrets
from typing import Any

from services.chassis.access.sealing import Safe
from services.chassis.access.sections import CONFIGURATION, KINDS
from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.notifications.session import NotificationsSession
from services.notifications.webhooks import contract
from services.notifications.webhooks.catalogue import types_of
from services.notifications.webhooks.model import ACTIVE, MOST_WEBHOOKS, PAUSED, Webhook

Data = dict[str, Any]
SECRET_BYTES = 32


def _encrypted_secret(tx: NotificationsSession, secret: str) -> str:
    return Safe.of_installation().seal(tx.company, {"secret": secret})


def _webhook_data(webhook: Webhook, **more: Any) -> Data:
    return {**vars(webhook), **more}


@command(
    takes=contract.CreateWebhook, gives=contract.NewWebhook, needs="notifications.configure", section=CONFIGURATION,
    unnarrowed=KINDS, secret=True,
)  # fmt: skip
def create_webhook(tx: NotificationsSession, data: Data) -> Data:
    """Begins with what happens from now on; the feed is kept while the company has a webhook.

    Raises Invalid("event_type_hidden"), Conflict: webhook_limit_reached, secret_unstorable.
    """
    tx.one_at_a_time("webhooks")
    if tx.webhooks.count(MOST_WEBHOOKS) >= MOST_WEBHOOKS:
        raise Conflict("webhook_limit_reached", f"A empresa já tem {MOST_WEBHOOKS} webhooks.")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    webhook = Webhook(
        id=tx.new_id(),
        url=data["url"],
        types=types_of(data["types"], tx.actor.permissions, tx.actor.sight),
        description=data["description"],
        sealed=_encrypted_secret(tx, secret),
        state=ACTIVE,
        created_at=tx.now,
        created_by=tx.actor.id,
        created_by_name=tx.actor.name,
        after_at=tx.now,
        after_id="",
    )
    tx.webhooks.switch(on=True)
    tx.after_commit.append(tx.webhooks.forget)
    tx.webhooks.insert(webhook, tx.now)
    return _webhook_data(webhook, secret=secret)


@command(
    takes=contract.ChangeWebhook, gives=contract.Webhook, needs="notifications.configure", section=CONFIGURATION,
    unnarrowed=KINDS,
)  # fmt: skip
def change_webhook(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("webhook_not_found"), Invalid("event_type_hidden"), ConcurrentUpdate("version_changed")."""
    webhook = tx.webhooks.get(data.pop("webhook_id"))
    state = data.pop("state", None)
    if "types" in data:
        data["types"] = types_of(data["types"], tx.actor.permissions, tx.actor.sight)
    for name, value in data.items():
        setattr(webhook, name, value)
    if state == PAUSED:
        webhook.pause()
    elif state == ACTIVE:
        webhook.resume()
    tx.webhooks.save(webhook, tx.now if webhook.state == ACTIVE else None)
    return _webhook_data(webhook)


@command(
    takes=contract.RotateWebhookSecret, gives=contract.WebhookSecret, needs="notifications.configure",
    section=CONFIGURATION, unnarrowed=KINDS, secret=True,
)  # fmt: skip
def rotate_webhook_secret(tx: NotificationsSession, data: Data) -> Data:
    """The next attempt is signed with it. Raises NotFound("webhook_not_found"), Conflict("secret_unstorable")."""
    webhook, secret = tx.webhooks.get(data["webhook_id"]), secrets.token_urlsafe(SECRET_BYTES)
    webhook.sealed = _encrypted_secret(tx, secret)
    tx.webhooks.save(webhook, tx.now if webhook.state == ACTIVE else None)
    return {"id": webhook.id, "secret": secret}


@command(
    takes=contract.RedeliverWebhook, gives=contract.Webhook, needs="notifications.configure", section=CONFIGURATION,
    unnarrowed=KINDS,
)  # fmt: skip
def redeliver_webhook(tx: NotificationsSession, data: Data) -> Data:
    """Raises NotFound("webhook_not_found"), Conflict("webhook_paused")."""
    webhook = tx.webhooks.get(data["webhook_id"])
    webhook.go_back(data["since"], "")
    tx.webhooks.save(webhook, tx.now)
    return _webhook_data(webhook)


@command(
    takes=contract.DeleteWebhook, gives=contract.DeletedWebhook, needs="notifications.configure", section=CONFIGURATION,
    unnarrowed=KINDS,
)  # fmt: skip
def delete_webhook(tx: NotificationsSession, data: Data) -> Data:
    """With the last one the feed ends, too. Raises NotFound("webhook_not_found")."""
    webhook = tx.webhooks.get(data["webhook_id"])
    tx.webhooks.delete(webhook.id)
    if not tx.webhooks.count(1):
        tx.webhooks.switch(on=False)
        tx.after_commit.append(tx.webhooks.forget)
    return {"id": webhook.id}
