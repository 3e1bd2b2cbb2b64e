"""Drafts ("a concluir", row A9): what somebody was typing, kept by the server. Pure: no store, no clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from services.chassis.errors import Conflict


@dataclass
class Draft:
    """One a user and attendance, or (`attendance_id` None) a user and person: an attendance about to be opened.

    `content` is what the form held: the fields of the command that will come of it, none of them checked yet.
    """

    user_id: str
    person_id: str
    attendance_id: str | None
    person_name: str = ""
    title: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    updated_at: dt.datetime | None = None
    version: int = 0

    def write(self, content: dict[str, Any], at: dt.datetime, seen: int | None) -> None:
        """Raises Conflict("draft_changed") when another window wrote since `seen`."""
        if seen is not None and seen != self.version:
            raise Conflict("draft_changed", "O rascunho foi alterado em outra janela.", version=self.version)
        self.content, self.updated_at, self.version = content, at, self.version + 1
