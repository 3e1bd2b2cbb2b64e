"""A mailbox of notifications, and a company on the in-memory session that has sent a mail which is answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.notifications import subscribers
from services.notifications.deliveries.model import email
from services.notifications.deliveries.repository import document_of
from services.notifications.mailboxes.model import Mailbox
from tests.support.builders.notifications_in_memory import InMemoryNotifications

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
# The delivery that the mails answer.
DELIVERY_ID, REPLY_KEY = "5f1c2a3b4c5d5e6f8a9b0c1d2e3f4a5b", b"k" * 32
ADDRESS, OWN_SERVER = "conversa@padaria.example", "mx.padaria.example"


def mailbox(**fields: Any) -> Mailbox:
    door = {"host": "imap.padaria.example", "port": 993, "username": "x", "sealed": "", "checked_at": NOW}
    known = {"id": "company", "user_id": None, "user_name": None, "address": ADDRESS, "authserv_id": OWN_SERVER}
    return Mailbox(owner="company", **{**known, **door, **fields})


def with_a_sent_mail() -> InMemoryNotifications:
    """A mail was sent to Rita, about her attendance a1; two persons share an address."""
    made = InMemoryNotifications()
    shared = ["contato@dupla.example"]
    for person, addresses in (("p1", ["Rita@cliente.example"]), ("p2", shared), ("p3", shared)):
        told = {"person_id": person, "name": person, "categories": [], "emails": addresses}
        made.hear(subscribers.on_people_person_changed, person, 2, **told)
    sent = email(
        DELIVERY_ID, {"person_id": "p1", "attendance_id": "a1"}, "rita@cliente.example", "Proposta", "Segue.", NOW
    )
    sent.sent(NOW, "SMTP 250")
    made.collection("deliveries").insert(document_of(sent))
    return made
