"""Which fields decide whether a user sees a record of `scheduling` (services/chassis/access/row_visibility.py)."""

from __future__ import annotations

from services.chassis.access.row_visibility import ATTENDANCES, PERSONS, VisibilityRule

# A record is hidden by the categories of its person, and by the attendance of its opportunity.
VISIBILITY_RULES = (
    VisibilityRule(PERSONS, person="_id"),
    VisibilityRule(ATTENDANCES, attendance="_id"),
    VisibilityRule("opportunities", attendance="attendance_id"),
    VisibilityRule("appointments", attendance="attendance_id"),
)
