"""Watches of persons, and the e-mails to who watches (row N1). Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from services.notifications.deliveries.model import Delivery, delivery_id, email


@dataclass
class Watch:
    """A user who receives an e-mail for every entry recorded for a person (row N1)."""

    user_id: str
    user_name: str
    email: str
    person_id: str
    since: dt.datetime


def delivery_for(event_id: str, entry: dict[str, Any], watcher: Watch, now: dt.datetime) -> Delivery:
    """The e-mail to a watcher about an entry; `entry` is the data of EntrySeen."""
    subject = f"Novo parecer de {entry['person_name']}: {entry['title']}"
    mail = email(delivery_id(event_id, watcher.email), entry, watcher.email, subject, _body(entry, watcher), now)
    mail.user_id = watcher.user_id
    return mail


def for_watchers(entry: dict[str, Any]) -> dict[str, Any]:
    """EntrySeen's data without the customer's files: enough for the watchers' e-mails."""
    return {name: value for name, value in entry.items() if name not in ("files", "left_out")}


def _body(entry: dict[str, Any], watcher: Watch) -> str:
    return (
        f"Olá, {watcher.user_name}.\n\n"
        f"{entry['author_name']} registrou um parecer para {entry['person_name']}.\n"
        f"Atendimento: {entry['title']}\n\n"
        f"{entry['text']}\n\n"
        f"Você recebe este aviso porque acompanha {entry['person_name']}.\n"
    )
