"""Starting to gather the audience of a mailing (row N6, ADR 0048)."""

from __future__ import annotations

from marshmallow import fields

from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.schemas import EventData
from services.people.audiences.model import Audience, Filter
from services.people.audiences.repository import AUDIENCES, document_of
from services.people.session import PeopleSession


class FilterSeen(EventData):
    category = fields.String(load_default=None, allow_none=True)
    characteristic = fields.String(load_default=None, allow_none=True)
    city = fields.String(load_default=None, allow_none=True)
    state = fields.String(load_default=None, allow_none=True)
    consenting = fields.Boolean(load_default=False)
    person_ids = fields.List(fields.String(), load_default=list)
    contact_since = fields.Date(load_default=None, allow_none=True)
    no_contact_since = fields.Date(load_default=None, allow_none=True)


class GatheringSeen(EventData):
    """The fields read from notifications' mailing_gathering_started: the filter and the purpose."""

    gathering_id = fields.String(required=True)
    mailing_id = fields.String(required=True)
    purpose = fields.String(required=True)
    filter = fields.Nested(FilterSeen, required=True)


@subscribe("notifications", "mailing_gathering_started", takes=GatheringSeen)
def on_notifications_mailing_gathering_started(tx: PeopleSession, event: ReceivedEvent) -> None:
    """Enqueues the gathering, in the name of the user who started it (audiences/jobs.py)."""
    asked = event.data
    audience = Audience(
        id=asked["gathering_id"],
        mailing_id=asked["mailing_id"],
        purpose=asked["purpose"],
        filter=Filter(**asked["filter"]),
        actor_id=tx.actor.id,
        actor_name=tx.actor.name,
    )
    tx.enqueue(AUDIENCES, document_of(audience))
