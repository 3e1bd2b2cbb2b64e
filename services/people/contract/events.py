"""What `people` announces."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.schemas import Event, EventData

SERVICE = "people"


class PersonRegistered(EventData):
    person_id = fields.String(required=True)
    code = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)


class PersonChanged(PersonRegistered):
    """The same data after a change."""


PERSON_REGISTERED = Event(SERVICE, "person_registered", PersonRegistered)
PERSON_CHANGED = Event(SERVICE, "person_changed", PersonChanged)
EVENTS = (PERSON_REGISTERED, PERSON_CHANGED)
