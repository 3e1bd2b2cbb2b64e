"""Attendances: the conversation with a person, and its entries.

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.chassis.errors import Conflict

OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Entry:
    """What somebody wrote, once and for all."""

    id: str
    attendance_id: str
    kind: str
    text: str
    author: str
    author_name: str
    recorded_at: dt.datetime


@dataclass
class Attendance:
    """`reference` is the number that people of the company say aloud."""

    id: str
    person_id: str
    title: str
    status: str
    reference: int
    entry_count: int
    last_entry_at: dt.datetime | None
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    version: int

    @classmethod
    def open(cls, id: str, person_id: str, title: str, reference: int, at: dt.datetime) -> Attendance:
        """Row A7; a first entry is told to `record`."""
        return cls(
            id=id,
            person_id=person_id,
            title=title,
            status=OPEN,
            reference=reference,
            entry_count=0,
            last_entry_at=None,
            opened_at=at,
            closed_at=None,
            version=1,
        )

    def record(self, id: str, text: str, author: str, author_name: str, at: dt.datetime, kind: str = "note") -> Entry:
        """Row A8; raises Conflict("attendance_closed")."""
        if self.status == CLOSED:
            raise Conflict("attendance_closed", "O atendimento está encerrado e não recebe mais pareceres.")
        self.entry_count += 1
        self.last_entry_at = max(at, self.last_entry_at or at)
        return Entry(id, self.id, kind, text, author, author_name, at)

    def close(self, at: dt.datetime) -> None:
        """Raises Conflict("attendance_already_closed")."""
        if self.status == CLOSED:
            raise Conflict("attendance_already_closed", "O atendimento já está encerrado.")
        self.status = CLOSED
        self.closed_at = at
