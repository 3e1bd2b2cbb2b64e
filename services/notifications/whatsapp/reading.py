"""Reads a callback of the Cloud API: states of our messages, and messages of customers. Pure.

The body is signed but comes from outside: parts of an unexpected form are ignored, and texts are cut.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.notifications.whatsapp.model import number_of

STATES = SENT, DELIVERED, READ, FAILED = "sent", "delivered", "read", "failed"
FILES = ("image", "video", "audio", "document", "sticker")
MOST_TEXT, MOST_NAME, MOST_ID = 20_000, 200, 300
EARLIEST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

Json = dict[str, Any]


@dataclass(frozen=True)
class StateUpdate:
    """`delivery_id`: the biz_opaque_callback_data of our message. `code`, `said`: Meta's error code and text."""

    message_id: str
    delivery_id: str
    state: str
    at: dt.datetime
    code: int = 0
    said: str = ""


@dataclass(frozen=True)
class IncomingFile:
    """A file to fetch from the API by `id`."""

    id: str
    media_type: str
    name: str


@dataclass(frozen=True)
class IncomingMessage:
    """`number`: E.164; None of a customer who shows none. `answers`: the id of the message that it answers."""

    id: str
    number: str | None
    sender: str
    name: str
    at: dt.datetime
    text: str
    answers: str = ""
    file: IncomingFile | None = None


def read(body: Any, phone_number_id: str) -> tuple[list[StateUpdate], list[IncomingMessage]]:
    """The states and messages of this number; an app's callbacks may contain other companies' numbers. A message that
    is repeated is one.
    """
    states: list[StateUpdate] = []
    messages: dict[str, IncomingMessage] = {}
    for value in _values(body):
        if _object(value.get("metadata")).get("phone_number_id") != phone_number_id:
            continue
        names = {
            str(one.get("wa_id")): _text(_object(one.get("profile")).get("name")) for one in _objects(value, "contacts")
        }
        states += [_state(one) for one in _objects(value, "statuses") if one.get("status") in STATES and _id(one)]
        for one in _objects(value, "messages"):
            if _id(one):
                messages.setdefault(_id(one), _message(one, names))
    return states, list(messages.values())


def _values(body: Any) -> Iterator[Json]:
    for entry in _objects(_object(body), "entry"):
        for change in _objects(entry, "changes"):
            if change.get("field") == "messages":
                yield _object(change.get("value"))


def _state(told: Json) -> StateUpdate:
    error = next(iter(_objects(told, "errors")), {})
    code = error.get("code")
    return StateUpdate(
        message_id=_id(told),
        delivery_id=_text(told.get("biz_opaque_callback_data"), MOST_ID),
        state=str(told["status"]),
        at=_moment(told),
        code=code if isinstance(code, int) else 0,
        said=_text(error.get("title") or error.get("message")),
    )


def _message(told: Json, names: dict[str, str]) -> IncomingMessage:
    kind, sender = str(told.get("type", "")), _text(told.get("from") or told.get("from_user_id"))
    content = _object(told.get(kind))
    file = None
    if kind in FILES and _id(content):
        media_type = _text(content.get("mime_type")).partition(";")[0].strip()
        file = IncomingFile(_id(content), media_type, _text(content.get("filename")))
    return IncomingMessage(
        id=_id(told),
        number=number_of(_text(told.get("from"))),
        sender=sender,
        name=names.get(sender, ""),
        at=_moment(told),
        text=text_of(kind, told, content)[:MOST_TEXT],
        answers=_text(_object(told.get("context")).get("id"), MOST_ID),
        file=file,
    )


def text_of(kind: str, told: Json, content: Json) -> str:
    """The message as a text that a user reads, whatever its kind."""
    if kind == "text":
        return _text(content.get("body"), MOST_TEXT)
    if kind in FILES:
        return _text(content.get("caption"), MOST_TEXT)
    if kind == "button":
        return _text(content.get("text"), MOST_TEXT)
    if kind == "interactive":
        reply = _object(content.get("button_reply") or content.get("list_reply") or content.get("nfm_reply"))
        return _text(reply.get("title") or reply.get("body"), MOST_TEXT)
    if kind == "reaction":
        return f"Reagiu com {_text(content['emoji'])}" if content.get("emoji") else "Retirou a reação."
    if kind == "location":
        return _place(content)
    if kind == "contacts":
        return "\n".join(map(_contact, _objects(told, "contacts")))
    return "(Mensagem de um tipo que não é lido aqui; veja no aparelho.)"


def _place(content: Json) -> str:
    named = ", ".join(filter(None, (_text(content.get("name")), _text(content.get("address")))))
    place = ",".join(_text(str(content.get(name)), 30) for name in ("latitude", "longitude"))
    return f"Localização: {f'{named} ' if named else ''}(https://www.google.com/maps?q={place})"


def _contact(told: Json) -> str:
    phones = ", ".join(_text(one.get("phone")) for one in _objects(told, "phones"))
    return f"Contato: {_text(_object(told.get('name')).get('formatted_name'))} {phones}".strip()


def _moment(told: Json) -> dt.datetime:
    """`timestamp` is in seconds since 1970; an unreadable one becomes EARLIEST, which opens no window."""
    try:
        return max(dt.datetime.fromtimestamp(int(told.get("timestamp", 0)), dt.UTC), EARLIEST)
    except (ValueError, TypeError, OverflowError, OSError):
        return EARLIEST


def _text(value: Any, most: int = MOST_NAME) -> str:
    """Without lone surrogates, which no text can be stored with."""
    return value[:most].encode(errors="replace").decode() if isinstance(value, str) else ""


def _id(told: Json) -> str:
    return _text(told.get("id"), MOST_ID)


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _objects(holder: Json, name: str) -> list[Json]:
    found = holder.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
