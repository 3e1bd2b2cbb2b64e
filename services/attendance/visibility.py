"""What hides the records of `attendance` from a user (services/chassis/access/seeing.py): their person's categories,
type and flow.

Entries, answers, files and summaries are asked for by their attendance.
"""

from __future__ import annotations

from services.chassis.access.seeing import ATTENDANCES, PERSONS, Seeable

SEEABLES = (
    Seeable(PERSONS, person="_id"),
    Seeable(ATTENDANCES, attendance="_id"),
    Seeable("drafts", attendance="attendance_id"),
)
