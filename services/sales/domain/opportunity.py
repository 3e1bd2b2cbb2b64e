"""Opportunities: the sale that may come, and when it asks for attention.

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

NAMESPACE = uuid.UUID("5f0c8a52-7a0e-5d3b-9c1f-2f1c6f4b8e10")
OPEN, CLOSED = "open", "closed"


def conversation_id(company: str, opportunity_id: str) -> str:
    """The attendance of an opportunity: known before it is opened, the same at every delivery."""
    return uuid.uuid5(NAMESPACE, f"{company}:{opportunity_id}").hex


@dataclass
class Opportunity:
    """Its entries live in the attendance `attendance_id`."""

    id: str
    person_id: str
    attendance_id: str
    description: str
    contact_date: dt.date
    success_percent: int | None
    amount: Decimal | None
    status: str
    last_interaction_at: dt.datetime | None
    created_at: dt.datetime
    version: int
    currency: str = "BRL"

    @classmethod
    def create(
        cls,
        id: str,
        company: str,
        person_id: str,
        description: str,
        now: dt.datetime,
        contact_date: dt.date | None = None,
        success_percent: int | None = None,
        amount: Decimal | None = None,
        zone: dt.tzinfo = dt.UTC,
    ) -> Opportunity:
        """Row S1; the contact date defaults to today in the company's zone."""
        return cls(
            id=id,
            person_id=person_id,
            attendance_id=conversation_id(company, id),
            description=description,
            contact_date=contact_date or now.astimezone(zone).date(),
            success_percent=success_percent,
            amount=amount,
            status=OPEN,
            last_interaction_at=None,
            created_at=now,
            version=1,
        )

    def legend(self, today: dt.date) -> str:
        """Row S2, for today in the company's zone: closed, overdue, today or open."""
        if self.status == CLOSED:
            return CLOSED
        if self.contact_date < today:
            return "overdue"
        return "today" if self.contact_date == today else OPEN

    def interacted(self, at: dt.datetime) -> None:
        """An entry was recorded at `at`; an earlier one, delivered late, changes nothing."""
        if self.last_interaction_at is None or at > self.last_interaction_at:
            self.last_interaction_at = at

    def close(self, at: dt.datetime) -> None:
        """Its attendance was closed at `at`; told again, nothing changes."""
        if self.status == OPEN:
            self.status = CLOSED
            self.last_interaction_at = max(at, self.last_interaction_at or at)
