"""Opportunities: creating, editing, listing, filing (rows S1, S2, S7 to S9)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.chassis.filters import several
from services.chassis.inputs import Choice, Code, Cursor, Day, Flag, Id, Line, Version, Whole
from services.chassis.references import PERSONS, USERS, Reference
from services.chassis.schemas import SOMETIMES, Counted, Result, Strict, counted_page_of
from services.sales.closing.model import OUTCOMES
from services.sales.markers.contract import Marker as Marker
from services.sales.opportunities.model import CUSTOMER_STATUSES, LEGENDS
from services.sales.opportunities.model import OPEN as OPEN
from services.sales.opportunities.model import OPPORTUNITY_STATUSES as OPPORTUNITY_STATUSES
from services.sales.shared.amounts import amount
from services.sales.shared.money import ROUNDING

MOST_AT_ONCE = 100


def identifier(**kwargs: Any) -> fields.String:
    return Id(**kwargs)


def money(**kwargs: Any) -> fields.Decimal:
    """The expected amount, rounded to the cent; or null."""
    return amount(allow_none=True, rounding=ROUNDING, **kwargs)


class OpportunityFields(Strict):
    """The fields that users fill in; dates in the company's time zone. `responsible_id`: `me` for the caller."""

    description = Line(500, required=True, data_key="subject")
    contact_date = Day(allow_none=True)
    internal_contact_date = Day(allow_none=True)
    environment = Line(200)
    means_of_contact = Line(60)
    indicated_by = Line(150, data_key="referral")
    success_percent = Whole(0, 100, allow_none=True)
    responsible_id = identifier(allow_none=True)
    amount = money()
    currency = Code(r"[A-Z]{3}", "Informe o código ISO da moeda.")
    customer_status = Choice(CUSTOMER_STATUSES)


class CreateOpportunity(OpportunityFields):
    """Row S1. Defaults: contact date today, the first stage, and the user as the responsible one."""

    person_id = Id(required=True)
    stage_id = identifier(allow_none=True)


class ChangeOpportunity(OpportunityFields):
    """Row S9: changes the given fields only. `version`: refused unless it is the current one."""

    opportunity_id = Id(required=True)
    description = Line(500, minimum=1, data_key="subject")
    contact_date = Day()
    version = Version()


class OneOpportunity(Strict):
    opportunity_id = Id(required=True)


class MoveOpportunity(OneOpportunity):
    """Row S6: to another stage; the closing stage asks for the outcome."""

    stage_id = Id(required=True)


class ManyOpportunities(Strict):
    """Each opportunity is handled or refused by itself."""

    ids = fields.List(identifier(), required=True, validate=validate.Length(min=1, max=MOST_AT_ONCE))


class MarkOpportunities(ManyOpportunities):
    """Row S7: the markers to add and to remove."""

    add = fields.List(identifier(), load_default=list, validate=validate.Length(max=20))
    remove = fields.List(identifier(), load_default=list, validate=validate.Length(max=20))


class Page(Strict):
    limit = Whole(1, 100, load_default=20)
    cursor = Cursor()


class ListOpportunities(Page, Counted):
    """Row S2: a person's opportunities in any of the states, the newest first; `counted`: with numbers by legend.

    `legend`: only those with this legend today, in whatever state, by contact date, the earliest first.
    """

    person_id = Id(required=True)
    status = several(OPPORTUNITY_STATUSES, load_default=lambda: [OPEN], data_key="state")
    legend = Choice(LEGENDS, load_default=None, allow_none=True)
    # of the previous version's gateway
    include_closed = Flag(load_default=False)


class Filters(Strict):
    """`user_id`: the responsible user, `me` for the caller."""

    responsible_id = identifier(load_default=None, allow_none=True, data_key="user_id")
    marker_id = identifier(load_default=None, allow_none=True)
    customer_status = Choice(CUSTOMER_STATUSES, load_default=None, allow_none=True)


class SearchOpportunities(Page, Filters):
    """Row S6, the list: of one stage, or of all stages; by contact date, the earliest first.

    `outcome` and `lost_reason_id` (one of /v1/lost-reasons) find closed ones, whatever `state` says.
    """

    stage_id = identifier(load_default=None, allow_none=True)
    status = Choice(("open", "closed"), load_default="open", data_key="state")
    outcome = Choice(OUTCOMES, load_default=None, allow_none=True)
    lost_reason = identifier(load_default=None, allow_none=True, data_key="lost_reason_id")


class ListFollowUps(Page, Filters, Counted):
    """Row S2: what is due on a day (default: today), overdue ones first; without `overdue`, that day's only.

    `counted`: with numbers of open ones by legend, whatever the day.
    """

    date = Day(load_default=None, allow_none=True)
    overdue = Flag(load_default=True)


class ListIdle(Page, Filters):
    """Row S8: the longest idle first."""


class Opportunity(Result):
    """`legend` is for today in the company's time zone; `idle` by the company's setting.

    `outcome` (won, lost) is null while it is open, or closed without one; `lost_reason` is one of /v1/lost-reasons.
    `referral`: who referred the customer, as text. `approved_by`: the supervisor who approved the closing.
    """

    id = fields.String()
    person = Reference(PERSONS, named="person_name")
    attendance_id = fields.String()
    subject = fields.String(attribute="description")
    contact_date = fields.Date()
    internal_contact_date = fields.Date(allow_none=True)
    environment = fields.String()
    means_of_contact = fields.String()
    referral = fields.String(attribute="indicated_by")
    success_percent = fields.Integer(allow_none=True)
    responsible = Reference(USERS, allow_none=True)
    amount = fields.Decimal(allow_none=True, places=2, rounding=ROUNDING, as_string=True)
    currency = fields.String()
    customer_status = Choice(CUSTOMER_STATUSES)
    stage = Reference("stages", named="stage_name")
    markers = fields.List(fields.Nested(Marker))
    state = Choice(OPPORTUNITY_STATUSES, attribute="status")
    legend = fields.String(validate=validate.OneOf(LEGENDS))
    idle = fields.Boolean()
    last_interaction_at = fields.DateTime(allow_none=True)
    created_at = fields.DateTime()
    closed_at = fields.DateTime(allow_none=True)
    outcome = Choice(OUTCOMES, allow_none=True)
    lost_reason = Reference("lost_reasons", "lost_reason", "lost_reason_name", allow_none=True)
    closing_note = fields.String()
    closed_by = Reference(USERS, "closed_by_id", "closed_by", allow_none=True)
    approved_by = Reference(USERS, "approved_by_id", "approved_by", allow_none=True)
    surplus_sold = fields.Boolean()
    reopened_at = fields.DateTime(allow_none=True)
    archived_at = fields.DateTime(allow_none=True)
    version = fields.Integer()


class DeletedOpportunity(Result):
    id = fields.String()


class ItemReport(Result):
    """`code` and `detail` say why an item was refused."""

    id = fields.String()
    done = fields.Boolean()
    code = fields.String(allow_none=True)
    detail = fields.String(allow_none=True)


class BulkReport(Result):
    """One item for each id of the request, in its order."""

    items = fields.List(fields.Nested(ItemReport))
    done = fields.Integer()
    refused = fields.Integer()


class LegendCount(Result):
    """`word`: the legend's name in Portuguese; `exact` is false where `count` stopped at a limit."""

    legend = fields.String(validate=validate.OneOf(LEGENDS))
    word = fields.String()
    colour = fields.String()
    count = fields.Integer()
    exact = fields.Boolean()


class OpportunityPage(counted_page_of(Opportunity, "OpportunityPage")):  # type: ignore[misc]
    """`legends`: numbers by legend, where `counted` was requested."""

    legends = fields.List(fields.Nested(LegendCount), metadata={SOMETIMES: True})
