"""The mail to the maker of a webhook that was paused (row N9). Pure."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from services.notifications.deliveries.model import Delivery, delivery_id, email
from services.notifications.members.model import Contact
from services.notifications.webhooks.model import BY_FAILURES, Webhook

FAILED = "há três dias nenhum evento é entregue (última falha: {error})"
NO_RIGHTS = "você não pode mais ler os eventos que ele entrega"
REMEDY = {
    True: "Corrija o destino e retome o webhook: ele segue de onde parou, até onde os eventos guardados alcançam.",
    False: "Quem ainda pode ler esses eventos deve criar um webhook novo.",
}


def pause_notice(webhook: Webhook, maker: Contact, now: dt.datetime) -> Delivery:
    """Its id follows from the webhook and its last change, so that a repeat is the same mail. The address is shown
    without what may be secret in it."""
    by_failures = webhook.pause_reason == BY_FAILURES
    reason = FAILED.format(error=webhook.last_error) if by_failures else NO_RIGHTS
    address = urlsplit(webhook.url)
    body = (
        f"Olá, {maker.name}.\n\n"
        f"O webhook de {address.hostname}{address.path} foi pausado: {reason}.\n\n"
        f"{REMEDY[by_failures]}\n"
    )
    mail_id = delivery_id(f"webhook:{webhook.id}:{webhook.version}:{webhook.pause_reason}", maker.email)
    about = {"person_id": "", "attendance_id": None}
    mail = email(mail_id, about, maker.email, f"Webhook pausado: {address.hostname}", body, now)
    mail.user_id = webhook.created_by
    return mail
