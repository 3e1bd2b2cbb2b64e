"""Actions of an opportunity (row S4): a task for a day, or a record of what was done.

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Conflict

PENDING, DONE, CANCELLED = "pending", "done", "cancelled"
SITUATIONS = (PENDING, DONE, CANCELLED)
KINDS = ("task", "call", "visit", "email", "whatsapp", "note")


@dataclass
class Action:
    """`due_on` None: undated; `assignee_id` None: nobody's yet. `stage_id` is the stage it was recorded in."""

    id: str
    opportunity_id: str
    attendance_id: str
    person_id: str
    stage_id: str
    kind: str
    text: str
    due_on: dt.date | None
    assignee_id: str | None
    situation: str
    author_id: str
    author_name: str
    recorded_on: dt.date
    recorded_at: dt.datetime
    settled_by: str | None = None
    settled_at: dt.datetime | None = None
    version: int = 1

    def change(self, data: Mapping[str, Any]) -> None:
        """Changes day or assignee; the text is also in the conversation, and stays.

        Raises Conflict("action_settled").
        """
        self._must_be_pending()
        for name, value in data.items():
            setattr(self, name, value)

    def settle(self, situation: str, by: str, at: dt.datetime) -> None:
        """Sets it done or cancelled; raises Conflict("action_settled")."""
        self._must_be_pending()
        self.situation, self.settled_by, self.settled_at = situation, by, at

    def _must_be_pending(self) -> None:
        if self.situation != PENDING:
            raise Conflict("action_settled", "A ação já foi concluída ou cancelada.")
