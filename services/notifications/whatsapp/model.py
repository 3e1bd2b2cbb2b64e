"""A conversation over WhatsApp: one for each number of a customer, with the 24 hours in which it may be written to
freely (row N4). Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Conflict
from services.chassis.phones import read_phone
from services.notifications.deliveries.model import QUEUED, WHATSAPP, Delivery
from services.notifications.whatsapp_accounts.model import Template

# After the customer's last message; afterwards only approved templates may be sent.
WINDOW = dt.timedelta(hours=24)


@dataclass
class Conversation:
    """`number` is E.164. `person_id`: whom the company last wrote to there, else whose number it is."""

    number: str
    person_id: str | None
    changed_at: dt.datetime
    received_at: dt.datetime | None = None
    version: int = 0

    @property
    def open_until(self) -> dt.datetime | None:
        return self.received_at + WINDOW if self.received_at else None

    def open_at(self, now: dt.datetime) -> bool:
        return self.open_until is not None and now < self.open_until

    def note_received(self, at: dt.datetime, person_id: str | None) -> None:
        """A message of the customer's; one that comes late changes nothing."""
        self.person_id = person_id
        self.received_at = max(at, self.received_at or at)
        self.changed_at = max(at, self.changed_at)

    def note_sent(self, person_id: str, at: dt.datetime) -> None:
        self.person_id, self.changed_at = person_id, at


def number_of(wa_id: str) -> str | None:
    """The number that WhatsApp names by its digits, in E.164; None where it is none.

    WhatsApp knows many Brazilian mobiles without their ninth digit: both forms are one number.
    """
    phone = read_phone(f"+{wa_id.strip().removeprefix('+')}")
    return phone.number if phone and not phone.extension else None


def window_closed(templates: Iterable[Template]) -> Conflict:
    """Why a free message may not be sent, with the templates that may."""
    named: list[dict[str, Any]] = [
        {"name": one.name, "language": one.language, "variables": one.variables, "file": one.file} for one in templates
    ]
    detail = "Passaram 24 horas desde a última mensagem do cliente: o WhatsApp só aceita modelos aprovados" + (
        f" ({', '.join(one['name'] for one in named)})." if named else ", e a conta não tem nenhum."
    )
    return Conflict("whatsapp_window_closed", detail, templates=named)


@dataclass(frozen=True)
class Content:
    """What a message is besides a text: a template with its values, a file, or a template that bears one."""

    template: dict[str, Any] | None = None
    file: dict[str, Any] | None = None

    @property
    def free(self) -> bool:
        return self.template is None


def message_to(
    delivery: str,
    about: tuple[str, str | None],
    number: str,
    body: str,
    content: Content,
    now: dt.datetime,
) -> Delivery:
    """`about`: the ids of person and attendance. `body`: what is shown of it. Its message id comes from WhatsApp."""
    person_id, attendance_id = about
    return Delivery(
        id=delivery,
        person_id=person_id,
        channel=WHATSAPP,
        recipient=number,
        subject="WhatsApp",
        body=body,
        status=QUEUED,
        attempts=0,
        last_error=None,
        message_id="",
        created_at=now,
        sent_at=None,
        next_at=now,
        attendance_id=attendance_id,
        template=content.template,
        file=content.file,
    )
