"""What hides a person from a user (chassis/access/seeing.py): the person's own categories."""

from __future__ import annotations

from services.chassis.access.seeing import PERSONS, Seeable

# What hides a person from a user is in its own categories; the rest is asked for by the person.
SEEABLES = (Seeable(PERSONS, person="_id"),)
