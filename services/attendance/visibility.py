"""Which fields decide whether a user sees a record of `attendance` (services/chassis/access/seeing.py).

Entries, answers and files are read by their attendance, which is checked first.
"""

from __future__ import annotations

from services.chassis.access.seeing import ATTENDANCES, PERSONS, Seeable

SEEABLES = (
    Seeable(PERSONS, person="_id"),
    Seeable(ATTENDANCES, attendance="_id"),
    Seeable("drafts", attendance="attendance_id"),
    Seeable("openings", person="person_id"),
)
