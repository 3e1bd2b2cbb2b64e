"""Templates of e-mails (row N5): a subject and a text with variables, for all users or for those they were granted to.

What they may say, and what rendering costs, is the gateway's business, as of documents (docs/adr/0016). Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from services.chassis.errors import Conflict
from services.chassis.texts import fold

MOST_TEMPLATES = 200
MOST_GRANTS = 50


@dataclass
class MailTemplate:
    """Without `user_ids` and `role_ids` everybody may use it."""

    id: str
    name: str
    subject: str
    text: str
    updated_by: str
    updated_by_name: str
    updated_at: dt.datetime
    user_ids: list[str] = field(default_factory=list)
    role_ids: list[str] = field(default_factory=list)
    version: int = 0

    def granted_to(self, user_id: str, role_ids: Collection[str]) -> bool:
        restricted = self.user_ids or self.role_ids
        return not restricted or user_id in self.user_ids or bool(set(self.role_ids) & set(role_ids))


def refuse_double(name: str, others: Iterable[MailTemplate]) -> None:
    """Raises Conflict("mail_template_exists") for a name that differs from another one in case or accents alone."""
    if any(fold(one.name) == fold(name) for one in others):
        raise Conflict("mail_template_exists", f"Já existe um modelo de e-mail “{name}”.")


def refuse_more(others: Collection[MailTemplate]) -> None:
    """Raises Conflict("mail_templates_full")."""
    if len(others) >= MOST_TEMPLATES:
        raise Conflict("mail_templates_full", f"A empresa já tem {MOST_TEMPLATES} modelos de e-mail.")
