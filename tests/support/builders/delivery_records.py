"""A mail to a watcher, as the model of watching makes it; no session."""

from __future__ import annotations

import datetime as dt

from services.notifications.deliveries.model import Delivery
from services.notifications.watching.model import Watch, delivery_for

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
WATCH = Watch("u1", "Ana", "ana@x.com", "p1", NOW)


def watcher_mail(event_id: str = "ev1", title: str = "Dúvida", watch: Watch = WATCH) -> Delivery:
    entry = {
        "person_id": "p1",
        "attendance_id": "a1",
        "person_name": "José",
        "title": title,
        "text": "Ligou.",
        "author_name": "Bia",
    }
    return delivery_for(event_id, entry, watch, NOW)
