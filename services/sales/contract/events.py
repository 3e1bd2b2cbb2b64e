"""What `sales` announces."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.schemas import Event, EventData

SERVICE = "sales"


class OpportunityCreated(EventData):
    opportunity_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    description = fields.String(required=True)


OPPORTUNITY_CREATED = Event(SERVICE, "opportunity_created", OpportunityCreated)
EVENTS = (OPPORTUNITY_CREATED,)
