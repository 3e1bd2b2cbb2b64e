"""The sections of a person's page by which quotes and documents are hidden: those of their conversation."""

from __future__ import annotations

from services.chassis.access.sections import AnyOf

OFFERS = AnyOf(("opportunities", "attendances"))
