"""The parts of other services' events that `attendance` reads."""

from __future__ import annotations

from marshmallow import fields, validate

from services.chassis.schemas import EventData, Result


class ContactSeen(EventData):
    name = fields.String(required=True)


class PersonSeen(EventData):
    """Of people's person_registered and person_changed: what is shown, checked, written to or hidden by here."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(load_default=None, allow_none=True)
    contacts = fields.List(fields.Nested(ContactSeen), load_default=list)
    categories = fields.List(fields.String(), load_default=None)


class OpportunitySeen(EventData):
    """Of sales' opportunity_created: the conversation to open for it."""

    opportunity_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    description = fields.String(required=True)
    person_name = fields.String(load_default="")


class OpportunityRenamed(EventData):
    """Of sales' opportunity_changed: the subject of its conversation, where the change renamed it."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    description = fields.String(required=True)
    renamed = fields.Boolean(load_default=False)


class ConversationOpened(Result):
    """The conversation of an opportunity is there."""

    id = fields.String()


class CompanySeen(EventData):
    """Of people's company_changed: in which zone a day is reckoned."""

    time_zone = fields.String(required=True)


class UserSeen(EventData):
    """Of people's user_changed: who can be named as the next one."""

    user_id = fields.String(required=True)
    active = fields.Boolean(required=True)


class PersonRedirected(EventData):
    """Of people's person_merged and person_unmerged: where the person leads, or led."""

    person_id = fields.String(required=True)
    survivor_id = fields.String(required=True)


class ErasureRequested(EventData):
    """Of people's person_erasure_requested: whose data to erase."""

    erasure_id = fields.String(required=True)
    persons = fields.List(fields.String(), required=True)


class QuoteSeen(EventData):
    """Of sales' quote_changed: what a flow's amounts are made of (row A13)."""

    quote_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    status = fields.String(required=True)
    total = fields.Decimal(required=True)
    currency = fields.String(required=True, validate=validate.Regexp(r"^[A-Z]{3}\Z"))


class ConversationSeen(EventData):
    """Of sales' opportunity_closed, opportunity_reopened and opportunity_deleted: whose conversation follows."""

    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    summary = fields.String(load_default="")


class ActionSeen(EventData):
    """Of sales' action_added: what is recorded in the conversation."""

    action_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)
    kind = fields.String(required=True)
    text = fields.String(required=True)
