"""Which fields decide whether a user sees a record of `scheduling` (services/chassis/access/seeing.py)."""

from __future__ import annotations

from services.chassis.access.seeing import ATTENDANCES, PERSONS, Seeable

# A record is hidden by the categories of its person, and by the attendance of its opportunity.
SEEABLES = (
    Seeable(PERSONS, person="_id"),
    Seeable(ATTENDANCES, attendance="_id"),
    Seeable("opportunities", attendance="attendance_id"),
    Seeable("appointments", attendance="attendance_id"),
)
