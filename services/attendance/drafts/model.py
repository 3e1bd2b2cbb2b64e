"""Drafts ("a concluir", row A9): unfinished texts, stored by the server. Pure: no store, no clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from services.chassis.errors import Conflict


@dataclass
class Draft:
    """The draft of a user for an attendance or, with `attendance_id` None, for one about to be opened for a person.

    `content` holds the fields of the later command as they were typed, unchecked.
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
        """Replaces the content; raises Conflict("draft_changed") if the version is not `seen` (None: no check)."""
        if seen is not None and seen != self.version:
            raise Conflict("draft_changed", "O rascunho foi alterado em outra janela.", version=self.version)
        self.content, self.updated_at, self.version = content, at, self.version + 1
