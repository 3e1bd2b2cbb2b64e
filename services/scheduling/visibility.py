"""What hides the records of `scheduling` from a user: their person's categories, their opportunity's conversation."""

from __future__ import annotations

from services.chassis.access.seeing import ATTENDANCES, PERSONS, Seeable

# What hides them from a user: their person's categories, the conversation of their opportunity.
SEEABLES = (
    Seeable(PERSONS, person="_id"),
    Seeable(ATTENDANCES, attendance="_id"),
    Seeable("opportunities", attendance="attendance_id"),
    Seeable("appointments", attendance="attendance_id"),
)
