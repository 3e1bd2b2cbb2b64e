"""Watches of persons, how their alerts come, and the e-mails to who watches (row N1). Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from services.notifications.deliveries.model import Delivery, delivery_id, email

# How the alerts about a person come: each by itself, gathered, or not at all for now.
MODES = AT_ONCE, HOURLY, DAILY, MUTED = "at_once", "hourly", "daily", "muted"
DIGESTS = (HOURLY, DAILY)
# The hour of the company's day when daily digests are sent.
DAILY_HOUR = 8
# Kinds of changes in the history: of a watch; and (listed, unlisted) of the company's default list.
CHANGES = STARTED, CHANGED, STOPPED, LISTED, UNLISTED = "started", "changed", "stopped", "listed", "unlisted"
MOST_DEFAULTS = 50
# Why a mail comes, as its last line says.
WATCHING = "você acompanha {person_name}"
RESPONSIBLE = "você responde por este atendimento"
# Kinds of entries that a customer wrote, and where.
ANSWERS = {"email_received": "por e-mail", "whatsapp_received": "pelo WhatsApp"}
# The length of an entry's text in a digest, in characters.
MOST_TEXT = 2_000


@dataclass
class Watch:
    """A user's wish to be notified of what is recorded for a person; of their own records only with `own_actions`."""

    user_id: str
    user_name: str
    email: str
    person_id: str
    since: dt.datetime
    mode: str = AT_ONCE
    own_actions: bool = False

    def tells(self, author_id: str | None) -> bool:
        """Whether the user is notified of what this author has done."""
        return self.mode != MUTED and (self.own_actions or self.user_id != author_id)


@dataclass
class WatchSettings:
    """`default_watchers`: ids of the users who are notified about a person whom nobody watches."""

    default_watchers: list[str] = field(default_factory=list)
    version: int = 0


def delivery_for(
    event_id: str, entry: dict[str, Any], watcher: Watch, now: dt.datetime, because: str = WATCHING
) -> Delivery:
    """The e-mail to a watcher about an entry, or about an attendance that was opened without one (`text` is None)."""
    subject, body = _subject(entry), _body(entry, watcher, because)
    mail = email(delivery_id(event_id, watcher.email), entry, watcher.email, subject, body, now)
    mail.user_id = watcher.user_id
    return mail


def for_watchers(entry: dict[str, Any], author_id: str) -> dict[str, Any]:
    """EntrySeen's data without the customer's files: enough for the watchers' e-mails."""
    kept = {name: value for name, value in entry.items() if name not in ("files", "left_out", "email", "told_user_ids")}
    return {**kept, "author_id": author_id}


def due_of(mode: str, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """When (UTC) the digest with an event of `now` is sent: at the next full hour, or at DAILY_HOUR, of the company's
    zone. A zone's hours may begin at any minute of UTC's.
    """
    local = now.astimezone(zone)
    if mode == HOURLY:
        past = dt.timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return now - past + dt.timedelta(hours=1)
    day = local.date() if local.hour < DAILY_HOUR else local.date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(DAILY_HOUR), zone).astimezone(dt.UTC)


@dataclass(frozen=True)
class DigestItem:
    """One event in a digest; `id` is the id that a mail about it alone would have."""

    id: str
    person_id: str
    user_id: str
    email: str
    attendance_id: str | None
    due_at: dt.datetime
    at: dt.datetime
    person_name: str
    text: str


def digest_item(mail: Delivery, entry: dict[str, Any], due: dt.datetime) -> DigestItem:
    """The item that replaces the e-mail."""
    if entry["text"] is None:
        text = f"{entry['author_name']} abriu o atendimento “{entry['title']}”."
    else:
        text = f"{entry['author_name']} em “{entry['title']}”:\n{entry['text'][:MOST_TEXT]}"
    return DigestItem(
        mail.id, mail.person_id, str(mail.user_id), mail.recipient, mail.attendance_id, due, mail.created_at,
        entry["person_name"], text,
    )  # fmt: skip


def digest_mail(items: Sequence[DigestItem], now: dt.datetime, zone: ZoneInfo) -> Delivery:
    """One e-mail about the items, which have the same person and user. Its id follows from theirs."""
    first = items[0]
    ids = hashlib.sha256("".join(sorted(item.id for item in items)).encode()).hexdigest()
    told = "\n\n".join(f"{item.at.astimezone(zone):%d/%m %H:%M} - {item.text}" for item in items)
    body = (
        f"Resumo do que foi registrado para {first.person_name}:\n\n{told}\n\n"
        f"Você recebe este resumo porque acompanha {first.person_name}.\n"
    )
    count = "1 registro" if len(items) == 1 else f"{len(items)} registros"
    about = {"person_id": first.person_id, "attendance_id": items[-1].attendance_id}
    subject = f"Resumo de {first.person_name}: {count}"
    mail = email(delivery_id(ids, first.email), about, first.email, subject, body, now)
    mail.user_id = first.user_id
    mail.more_attendances = sorted({item.attendance_id for item in items if item.attendance_id} - {mail.attendance_id})
    return mail


def _subject(entry: dict[str, Any]) -> str:
    if entry.get("kind") in ANSWERS:
        return f"{entry['person_name']} escreveu: {entry['title']}"
    what = "Atendimento aberto para" if entry["text"] is None else "Novo parecer de"
    return f"{what} {entry['person_name']}: {entry['title']}"


def _body(entry: dict[str, Any], watcher: Watch, because: str) -> str:
    if entry["text"] is None:
        told = f"{entry['author_name']} abriu um atendimento para {entry['person_name']}.\n"
        told += f"Atendimento: {entry['title']}\n"
    elif entry.get("kind") in ANSWERS:
        told = f"{entry['author_name']} escreveu {ANSWERS[entry['kind']]}.\n"
        told += f"Atendimento: {entry['title']}\n\n{entry['text']}\n"
    else:
        told = f"{entry['author_name']} registrou um parecer para {entry['person_name']}.\n"
        told += f"Atendimento: {entry['title']}\n\n{entry['text']}\n"
    return (
        f"Olá, {watcher.user_name}.\n\n{told}\n"
        f"Você recebe este aviso porque {because.format(person_name=entry['person_name'])}.\n"
    )  # fmt: skip
