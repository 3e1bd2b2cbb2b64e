"""Appointments with a person. Pure: no framework, store or clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.chassis.errors import Invalid

LONGEST = dt.timedelta(days=31)
BOOKED = "booked"
APPOINTMENT_STATUSES = (BOOKED,)


@dataclass
class Appointment:
    id: str
    person_id: str
    kind: str
    subject: str
    address: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    status: str
    version: int
    created_at: dt.datetime
    opportunity_id: str | None = None
    # the opportunity's attendance: a user who may not see it may not see the appointment
    attendance_id: str | None = None
    # who booked it; None in appointments of versions that did not store it
    booked_by_id: str | None = None
    booked_by_name: str | None = None

    @classmethod
    def book(
        cls,
        id: str,
        person_id: str,
        kind: str,
        subject: str,
        starts_at: dt.datetime,
        ends_at: dt.datetime,
        now: dt.datetime,
        address: str = "",
        opportunity_id: str | None = None,
        booked_by_id: str | None = None,
        booked_by_name: str | None = None,
    ) -> Appointment:
        """Row C1; raises Invalid("appointment_period_invalid")."""
        _refuse_period(starts_at, ends_at)
        return cls(
            id=id,
            person_id=person_id,
            kind=kind,
            subject=subject,
            address=address,
            starts_at=starts_at,
            ends_at=ends_at,
            status=BOOKED,
            version=1,
            created_at=now,
            opportunity_id=opportunity_id,
            booked_by_id=booked_by_id,
            booked_by_name=booked_by_name,
        )

    @property
    def booked_by(self) -> dict[str, str | None] | None:
        return {"id": self.booked_by_id, "name": self.booked_by_name} if self.booked_by_id else None


def _refuse_period(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at:
        detail = "O término precisa ser depois do início."
    elif ends_at - starts_at > LONGEST:
        detail = f"Um compromisso dura no máximo {LONGEST.days} dias."
    else:
        return
    raise Invalid("appointment_period_invalid", detail, fields={"ends_at": [detail]})
