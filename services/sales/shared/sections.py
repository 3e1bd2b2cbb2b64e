"""The sections of a person's page that what is offered belongs to: those of the conversation it stands in."""

from __future__ import annotations

from services.chassis.access.sections import AnyOf

OFFERS = AnyOf(("opportunities", "attendances"))
