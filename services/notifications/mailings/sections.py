"""The sections of a person's page that mailings need."""

from __future__ import annotations

from services.chassis.access.sections import Apart

MAILING = Apart("a text to many: nothing of one person; its recipients are those that the reader sees")
# Of a filter by the last contact.
ATTENDANCES = "attendances"
