"""What `sales` promises, and the parts of other services' events that it reads."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Event, EventData, Result, Strict, page_of, text

SERVICE = "sales"


class CreateOpportunity(Strict):
    """Row S1; `contact_date` (company's calendar) defaults to today."""

    person_id = text(64)
    description = text(500)
    contact_date = fields.Date(load_default=None, allow_none=True)
    success_percent = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=0, max=100))
    amount = fields.Decimal(
        load_default=None, allow_none=True, places=2, as_string=True, validate=validate.Range(min=0)
    )


class ListOpportunities(Strict):
    """Row S2: open ones, or open and closed."""

    person_id = text(64)
    include_closed = fields.Boolean(load_default=False)
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=100))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))


class Opportunity(Result):
    """`legend`: today, overdue, open or closed, in the company's time zone."""

    id = fields.String()
    person_id = fields.String()
    attendance_id = fields.String()
    description = fields.String()
    contact_date = fields.Date()
    success_percent = fields.Integer(allow_none=True)
    amount = fields.Decimal(allow_none=True, places=2, as_string=True)
    currency = fields.String()
    status = fields.String()
    legend = fields.String()
    last_interaction_at = fields.DateTime(allow_none=True)
    created_at = fields.DateTime()
    version = fields.Integer()


OpportunityPage = page_of(Opportunity, "OpportunityPage")


class OpportunityCreated(EventData):
    opportunity_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    description = fields.String(required=True)


OPPORTUNITY_CREATED = Event(SERVICE, "opportunity_created", OpportunityCreated)
EVENTS = (OPPORTUNITY_CREATED,)


class PersonSeen(EventData):
    """Of people's person_registered and person_changed: what is shown here."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)


class EntrySeen(EventData):
    """Of attendance's entry_recorded: the opportunity's last interaction."""

    attendance_id = fields.String(required=True)
    recorded_at = fields.DateTime(required=True)


class ConversationClosed(EventData):
    """Of attendance's attendance_closed: closes the opportunity that it belongs to."""

    attendance_id = fields.String(required=True)
