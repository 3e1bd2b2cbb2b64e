"""Which persons a user may see (chassis/access/seeing.py): that depends on the person's categories."""

from __future__ import annotations

from services.chassis.access.seeing import PERSONS, Seeable

# Only `persons` is filtered; other collections are read by a person that the user sees.
SEEABLES = (Seeable(PERSONS, person="_id"),)
