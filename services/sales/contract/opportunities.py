"""Creating and listing opportunities (rows S1, S2)."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import Result, Strict, page_of, text


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
