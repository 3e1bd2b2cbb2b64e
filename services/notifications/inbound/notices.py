"""The mail that says that messages of customers wait for a user (row N10), and after which time it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from environs import Env
from marshmallow import validate

from services.notifications.deliveries.model import Delivery, delivery_id, email
from services.notifications.inbound.model import InboundMessage
from services.notifications.members.model import Contact

SUBJECT = "Mensagens de clientes sem destino"
# A notice counts up to so many messages.
MOST_COUNTED = 100
# A message that still waits is in a reminder again after this.
AGAIN = dt.timedelta(days=1)


def patience_before_reminding() -> dt.timedelta:
    """How long a message waits before others are told (VINCULO_UNASSIGNED_HOURS)."""
    return dt.timedelta(hours=Env().float("VINCULO_UNASSIGNED_HOURS", 4.0, validate=validate.Range(min=0.01, max=720)))


def waiting_notice(
    company: str, user_id: str, contact: Contact, waiting: Sequence[InboundMessage], now: dt.datetime, zone: ZoneInfo
) -> Delivery:
    """One mail a user and hour, however many messages become late in it. It shows neither texts nor senders, which its
    reader may have no right to see."""
    since = min(one.stored_at for one in waiting).astimezone(zone)
    count = f"{len(waiting)} ou mais" if len(waiting) == MOST_COUNTED else str(len(waiting))
    body = (
        f"Olá, {contact.name}.\n\n"
        f"Mensagens de clientes à espera de que alguém diga a quem pertencem: {count}. "
        f"A mais antiga chegou em {since:%d/%m/%Y às %H:%M}.\n\n"
        "Atribua cada uma a uma pessoa, ou descarte-a, na lista de mensagens recebidas.\n"
    )
    mail_id = delivery_id(f"unassigned:{company}:{now:%Y%m%d%H}", contact.email)
    mail = email(mail_id, {"person_id": "", "attendance_id": None}, contact.email, SUBJECT, body, now)
    mail.user_id = user_id
    return mail
