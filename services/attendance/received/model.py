"""Where a message from a customer goes: the company's rule, and derived ids (row N10). Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NAMESPACE = uuid.UUID("9d1f6b0e-7a35-5c1d-8e22-50b7c4a19d36")
EMAIL, WHATSAPP = "email", "whatsapp"
AUTOMATIC = "automatic_answer"
# By channel: the kind of the message's entry, and the title of an attendance that a message without subject opens.
ENTRY_KIND = {EMAIL: "email_received", WHATSAPP: "whatsapp_received"}
TITLES = {EMAIL: "E-mail recebido", WHATSAPP: "Mensagem de WhatsApp"}
NO_TEXT = "(mensagem sem texto)"
# The longest chain of attendances, each the continuation of the one before, that is followed.
MOST_FOLLOWING = 50


@dataclass
class ReceivingRule:
    """`joins_open`: a message that answers no attendance goes to the person's latest open one. `opens`: if there is
    none, a new attendance is opened, of type `type_id`, for the user `responsible_id`; else it waits for a user.
    """

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
    """The id of the attendance that the message opens."""
    return uuid.uuid5(NAMESPACE, f"{company}|opened|{message_id}").hex


def following_id(company: str, attendance_id: str) -> str:
    """The id of the one attendance that continues the closed one."""
    return uuid.uuid5(NAMESPACE, f"{company}|following|{attendance_id}").hex
