"""The events of other services that `scheduling` handles, each with the fields that it reads."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.replicas import handlers
from services.chassis.schemas import EventData
from services.scheduling.session import SchedulingSession


class PersonSeen(EventData):
    """The fields read from people's person_registered, person_changed and persons_imported."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    categories = fields.List(fields.String(), load_default=None)


class OpportunitySeen(EventData):
    """The fields read from sales' opportunity_created and opportunity_deleted."""

    opportunity_id = fields.String(required=True)
    attendance_id = fields.String(required=True)
    person_id = fields.String(required=True)


@subscribe("sales", "opportunity_created", takes=OpportunitySeen, once=False)
def on_sales_opportunity_created(tx: SchedulingSession, event: ReceivedEvent) -> None:
    _replicate(tx, event, deleted=False)


@subscribe("sales", "opportunity_deleted", takes=OpportunitySeen, once=False)
def on_sales_opportunity_deleted(tx: SchedulingSession, event: ReceivedEvent) -> None:
    """The opportunity's appointments stay in the person's agenda; none can be linked to it from now on."""
    _replicate(tx, event, deleted=True)


def _replica_fields(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("name", "categories")}


def _replicate(tx: SchedulingSession, event: ReceivedEvent, deleted: bool) -> None:
    owners = {name: event.data[name] for name in ("person_id", "attendance_id")}
    tx.opportunities.put(event.aggregate, event.sequence, deleted=deleted, **owners)


on_people_person_registered, on_people_person_changed, on_people_persons_imported = handlers.person_subscribers(
    PersonSeen, _replica_fields
)
on_attendance_attendance_opened, on_attendance_attendance_filed = handlers.attendance_subscribers()
on_attendance_flow_changed = handlers.flow_subscriber()
