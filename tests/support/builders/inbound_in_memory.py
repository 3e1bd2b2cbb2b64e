"""What customers write, of a known sender and of an unknown one, and its taking on the in-memory session."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from services.notifications.deliveries.model import File
from services.notifications.inbound.model import Received
from services.notifications.inbound.receiving import receive
from tests.support.builders.notifications_in_memory import InMemoryNotifications

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
PDF = File("assinado.pdf", "application/pdf", b"%PDF")
OF_KNOWN_SENDER = Received("email", "<1@c.example>", "rita@c.example", NOW, "Aceito.", person_id="p1", files=[PDF])
OF_UNKNOWN_SENDER = replace(OF_KNOWN_SENDER, person_id=None)


def receive_message(made: InMemoryNotifications, found: Received) -> Any:
    return made.run(lambda tx: receive(tx, found))
