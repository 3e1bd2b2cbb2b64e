"""The events that `notifications` publishes."""

from __future__ import annotations

from services.chassis.schemas import DataErased, Event

SERVICE = "notifications"

PERSON_DATA_ERASED = Event(SERVICE, "person_data_erased", DataErased)
EVENTS = (PERSON_DATA_ERASED,)
