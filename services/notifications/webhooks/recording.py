"""What other services announce, kept for the feed of a company that has a webhook (row N9).

All may be repeated: a row's id is the event's.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.requests import Method
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.schemas import EventData
from services.notifications.session import NotificationsSession
from services.notifications.webhooks.model import TOLD, FeedEvent, told_of

# What is read of any event; the rest is ignored.
ThinData: type[EventData] = type(
    "ThinData", (EventData,), {name: fields.String(load_default=None, allow_none=True) for name in TOLD}
)


def keep(tx: NotificationsSession, event: ReceivedEvent, source: str, name: str, data: dict[str, Any]) -> None:
    """For the handlers that hear the event for another reason, too."""
    if not tx.webhooks.any():
        return
    person, attendance = data.get("person_id"), data.get("attendance_id")
    tx.feed.add(
        FeedEvent(
            id=event.id,
            source=source,
            name=name,
            aggregate=event.aggregate,
            sequence=event.sequence,
            at=event.at,
            actor_id=tx.actor.id,
            actor_name=tx.actor.name,
            person_id=person,
            attendance_id=attendance,
            data=told_of(data),
            stored_at=tx.now,
        )
    )


def recorded(source: str, name: str) -> Method:
    """A handler of an event that is heard for the feed alone."""

    def handle(tx: NotificationsSession, event: ReceivedEvent) -> None:
        keep(tx, event, source, name, event.data)

    handle.__name__ = handle.__qualname__ = f"on_{source}_{name}"
    return subscribe(source, name, takes=ThinData, once=False)(handle)
