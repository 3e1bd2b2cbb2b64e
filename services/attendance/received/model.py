"""Where a message from a customer goes: the company's rule, and derived ids (row N10). Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NAMESPACE = uuid.UUID("9d1f6b0e-7a35-5c1d-8e22-50b7c4a19d36")
EMAIL, WHATSAPP = "email", "whatsapp"
AUTOMATIC = "automatic_answer"
# The kind of its entry, and the title of an attendance that it opens without a subject.
ENTRY_KIND = {EMAIL: "email_received", WHATSAPP: "whatsapp_received"}
TITLES = {EMAIL: "E-mail recebido", WHATSAPP: "Mensagem de WhatsApp"}
NO_TEXT = "(mensagem sem texto)"
# Of attendances that go on from one another; then a message opens one by itself.
MOST_FOLLOWING = 50


@dataclass
class ReceivingRule:
    """`joins_open`: what answers no attendance goes to the person's latest open one. `opens`: else a new one is opened,
    of this type, for this user; without `opens` the message waits for a user."""

    joins_open: bool = True
    opens: bool = True
    type_id: str | None = None
    responsible_id: str | None = None
    version: int = 0

    def change(self, fields: Mapping[str, Any]) -> None:
        """Sets the given fields only."""
        for name, value in fields.items():
            setattr(self, name, value)


def entry_id(company: str, message_id: str) -> str:
    return uuid.uuid5(NAMESPACE, f"{company}|entry|{message_id}").hex


def opened_id(company: str, message_id: str) -> str:
    """Of the attendance that the message opens."""
    return uuid.uuid5(NAMESPACE, f"{company}|opened|{message_id}").hex


def following_id(company: str, attendance_id: str) -> str:
    """Of the one attendance that goes on where this one was closed."""
    return uuid.uuid5(NAMESPACE, f"{company}|following|{attendance_id}").hex
