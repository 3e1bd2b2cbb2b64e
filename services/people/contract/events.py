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
    short_name = fields.String(load_default="")
    categories = fields.List(fields.String(), load_default=list)
    # the main one, E.164
    phone = fields.String(load_default=None, allow_none=True)
    active = fields.Boolean(load_default=True)


class PersonChanged(PersonRegistered):
    """The same data after a change."""


class CompanyChanged(EventData):
    """Of a company new or changed, under its own id; `sequence` is the company's version."""

    company_id = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)


PERSON_REGISTERED = Event(SERVICE, "person_registered", PersonRegistered)
PERSON_CHANGED = Event(SERVICE, "person_changed", PersonChanged)
COMPANY_CHANGED = Event(SERVICE, "company_changed", CompanyChanged)
EVENTS = (PERSON_REGISTERED, PERSON_CHANGED, COMPANY_CHANGED)
