"""A webhook of notifications as it is stored; no session."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.notifications.webhooks.model import Webhook

NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


def webhook(**fields: Any) -> Webhook:
    given: dict[str, Any] = {
        "id": "w1", "url": "https://x.example", "types": ["attendance.entry_recorded"], "description": "",
        "sealed": "", "state": "active", "created_at": NOW, "created_by": "u1", "created_by_name": "Ana",
        "after_at": NOW, "after_id": "",
    }  # fmt: skip
    return Webhook(**{**given, **fields})
