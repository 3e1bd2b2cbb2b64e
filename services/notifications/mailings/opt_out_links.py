"""Finds the recipient of an opt-out link (row N6)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import NotFound
from services.notifications.mailings.model import Mailing, Recipient
from services.notifications.session import NotificationsSession


def mailing_of_link(session: NotificationsSession, data: dict[str, Any]) -> tuple[Mailing, Recipient]:
    """The mailing and the recipient of a token; raises NotFound("opt_out_not_found"), also of somebody erased."""
    recipient = session.mailing_recipients.find(data["recipient_id"])
    mailing = session.mailings.find(recipient.mailing_id) if recipient else None
    if recipient is None or mailing is None or not recipient.email:
        raise opt_out_not_found()
    if not mailing.is_own_signature(recipient.id, data["digest"]):
        raise opt_out_not_found()
    return mailing, recipient


def opt_out_not_found() -> NotFound:
    return NotFound("opt_out_not_found", "Este link não existe.")
