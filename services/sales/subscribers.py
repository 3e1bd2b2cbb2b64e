"""The events of other services that `sales` handles, each with the fields that it reads."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.replicas import handlers
from services.chassis.replicas.users import COLLECTION as USERS
from services.chassis.schemas import EventData
from services.sales.closing.model import Closing
from services.sales.opportunities import outcome
from services.sales.session import SalesSession


class PlaceSeen(EventData):
    """A person's main address; `city_code` is IBGE's."""

    street = fields.String(load_default="")
    number = fields.String(load_default="")
    complement = fields.String(load_default="")
    district = fields.String(load_default="")
    city = fields.String(load_default="")
    city_code = fields.String(load_default=None, allow_none=True)
    state = fields.String(load_default="")
    postal_code = fields.String(load_default="")


class PersonSeen(EventData):
    """The fields read from people's person_registered, person_changed and persons_imported.

    An NF-e needs most (S22).
    """

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    document = fields.String(load_default=None, allow_none=True)
    state_registration = fields.String(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True)
    email = fields.String(load_default=None, allow_none=True)
    address = fields.Nested(PlaceSeen, load_default=None, allow_none=True)
    categories = fields.List(fields.String(), load_default=None)


COPIED = ("name", "document", "state_registration", "phone", "email", "address", "categories")


class AttendanceSeen(handlers.AttendanceSeen):
    """The fields read from attendance's attendance_opened and attendance_filed: the person, and who sees it."""

    person_id = fields.String(required=True)


class EntrySeen(EventData):
    """The fields read from attendance's entry_recorded: the last interaction, and the next planned contact."""

    attendance_id = fields.String(required=True)
    recorded_at = fields.DateTime(required=True)
    planned_contact_date = fields.Date(load_default=None, allow_none=True)


class ConversationClosed(EventData):
    """The fields read from attendance's attendance_closed; `followed_opportunity`: the opportunity was closed first."""

    attendance_id = fields.String(required=True)
    followed_opportunity = fields.Boolean(load_default=False)


class UserSeen(EventData):
    """The fields read from people's user_changed; `person_id`: the person linked to the user."""

    user_id = fields.String(required=True)
    person_id = fields.String(required=True, allow_none=True)
    active = fields.Boolean(required=True)
    name = fields.String(load_default="")


@subscribe("people", "user_changed", takes=UserSeen, once=False)
def on_people_user_changed(tx: SalesSession, event: ReceivedEvent) -> None:
    seen = event.data
    tx.forget_name(USERS, f"{tx.company}:{event.aggregate}")
    tx.users.put(event.aggregate, event.sequence, seen["active"], seen["name"], seen["person_id"])


def _is_of_opportunity(session: SalesSession, event: ReceivedEvent) -> bool:
    """Whether the attendance is an opportunity's conversation; other events need no transaction."""
    return session.opportunities.of_conversation(event.data["attendance_id"]) is not None


@subscribe("attendance", "entry_recorded", takes=EntrySeen, concerns=_is_of_opportunity, minor=False)
def on_attendance_entry_recorded(tx: SalesSession, event: ReceivedEvent) -> None:
    """Notes the last interaction, and the next contact that the entry plans."""
    opportunity = tx.opportunities.of_conversation(event.data["attendance_id"])
    at, planned = event.data["recorded_at"], event.data["planned_contact_date"]
    if opportunity is not None and opportunity.interacted(at, planned):
        tx.opportunities.save(opportunity)


@subscribe("attendance", "attendance_closed", takes=ConversationClosed, concerns=_is_of_opportunity, minor=False)
def on_attendance_attendance_closed(tx: SalesSession, event: ReceivedEvent) -> None:
    """Closes the opportunity without an outcome, unless the conversation only followed the opportunity's closing."""
    opportunity = tx.opportunities.of_conversation(event.data["attendance_id"])
    if opportunity is None or event.data["followed_opportunity"] or not opportunity.ends_at(event.at):
        return
    if opportunity.close(event.at, tx.configuration.pipeline().closing, Closing(tx.actor.name, by_id=tx.actor.id)):
        tx.opportunities.save(opportunity)
        outcome.announce_end_without_outcome(tx, opportunity)


def _attendance_fields(tx: SalesSession, event: ReceivedEvent) -> dict[str, Any]:
    """The attendance's person, and whether it is an opportunity's conversation."""
    conversation = tx.opportunities.of_conversation(event.aggregate) is not None
    return {"person_id": event.data["person_id"], "conversation": conversation}


def _replica_fields(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of a person that are stored here."""
    return {name: data[name] for name in COPIED}


on_people_person_registered, on_people_person_changed, on_people_persons_imported = handlers.person_subscribers(
    PersonSeen, _replica_fields
)
on_people_company_changed = handlers.company_subscriber()
on_attendance_attendance_opened, on_attendance_attendance_filed = handlers.attendance_subscribers(
    AttendanceSeen, _attendance_fields
)
on_attendance_flow_changed = handlers.flow_subscriber()
