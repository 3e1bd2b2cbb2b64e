"""Which persons a user may see (chassis/access/row_visibility.py): that depends on the person's categories."""

from __future__ import annotations

from services.chassis.access.row_visibility import PERSONS, VisibilityRule

# Only `persons` is filtered; other collections are read by a person that the user sees.
VISIBILITY_RULES = (VisibilityRule(PERSONS, person="_id"),)
