"""Which fields decide whether a user sees a record of `attendance` (services/chassis/access/row_visibility.py).

Entries, answers and files are read by their attendance, which is checked first.
"""

from __future__ import annotations

from services.chassis.access.row_visibility import ATTENDANCES, PERSONS, VisibilityRule

VISIBILITY_RULES = (
    VisibilityRule(PERSONS, person="_id"),
    VisibilityRule(ATTENDANCES, attendance="_id"),
    VisibilityRule("drafts", attendance="attendance_id"),
    VisibilityRule("openings", person="person_id"),
)
