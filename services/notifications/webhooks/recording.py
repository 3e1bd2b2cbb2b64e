"""Stores other services' events in the feed of a company that has a webhook (row N9).

Storing may be repeated: a row's id is the event's, or follows from it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pymongo
from marshmallow import fields

from services.chassis.errors import Unavailable
from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.requests import Method
from services.chassis.handling.subscriptions import ReceivedEvent, SubscriberSpec
from services.chassis.schemas import EventData
from services.notifications.session import NotificationsSession
from services.notifications.webhooks.catalogue import BY_NAME, FeedType
from services.notifications.webhooks.model import FeedEvent
from services.notifications.webhooks.repository import SETTLE

Data = dict[str, Any]
Rows = Callable[[NotificationsSession, ReceivedEvent], Sequence[FeedEvent]]
# Between the last moment at which a row may be written and the first at which it may be read, in seconds.
SPARE = 1.0
# The namespace of row ids where one event becomes several rows.
NAMESPACE = uuid.UUID("5d0c2f0e-6a0b-5c0f-9b1d-2f6f6a1c7e44")


def _event_schema(kind: FeedType) -> type[EventData]:
    """The fields that the feed reads from such an event."""
    return type(f"{kind.event}_told", (EventData,), {name: fields.Raw(load_default=None) for name in kind.fields})


def row_of(tx: NotificationsSession, event: ReceivedEvent, kind: FeedType, data: Data, **instead: Any) -> FeedEvent:
    """`instead`: fields of the row that are not the event's own."""
    given: Data = {
        "id": event.id,
        "aggregate": event.aggregate,
        "sequence": event.sequence,
        "person_id": data.get("person_id"),
        "attendance_id": data.get("attendance_id"),
    }
    return FeedEvent(
        source=kind.source,
        name=kind.event,
        at=event.at,
        actor_id=tx.actor.id,
        actor_name=tx.actor.name,
        data=kind.thin(data),
        stored_at=tx.now,
        **(given | instead),
    )


def row_id_of(event: ReceivedEvent, person_id: str) -> str:
    """The row id of one person in an event about several."""
    return uuid.uuid5(NAMESPACE, f"{event.id}:{person_id}").hex


def imported_rows(tx: NotificationsSession, event: ReceivedEvent) -> Sequence[FeedEvent]:
    """Of people's persons_imported: one row a person, as if each had been registered or changed by hand."""
    rows = []
    for person in event.data["persons"]:
        kind = BY_NAME["people.person_registered" if person["registered"] else "people.person_changed"]
        person_id = person["person_id"]
        own = {"id": row_id_of(event, person_id), "aggregate": person_id, "sequence": person["version"]}
        rows.append(row_of(tx, event, kind, person, **own))
    return rows


def erasure_rows(tx: NotificationsSession, event: ReceivedEvent) -> Sequence[FeedEvent]:
    """Of people's person_erasure_requested: one row a person. It does not belong to the person, whose rows go."""
    kind = BY_NAME["people.person_erasure_requested"]
    return [
        row_of(tx, event, kind, {"person_id": person_id}, id=row_id_of(event, person_id), person_id=None)
        for person_id in event.data["persons"]
    ]


def subscribe_for_feed(source: str, name: str) -> Method:
    """A handler that only stores the event's row in the feed."""

    def handle(tx: NotificationsSession, event: ReceivedEvent) -> None:
        """Does nothing itself; also_record stores the row."""

    handle.__name__ = handle.__qualname__ = f"on_{source}_{name}"
    kind = BY_NAME[f"{source}.{name}"]
    return also_record(subscribe(source, name, takes=_event_schema(kind), once=False)(handle))


@contextmanager
def _in_time(began: float) -> Iterator[None]:
    """Rows bear the moment at which their event began to be heard, and readers go past a moment after SETTLE: what
    would be stored later than that is not, and the event is heard again, with a moment of its own.

    Raises Unavailable("feed_late").
    """
    left = SETTLE.total_seconds() - SPARE - (time.monotonic() - began)
    if left <= 0:
        raise Unavailable("feed_late", "O evento demorou a ser guardado; será tentado de novo.")
    with pymongo.timeout(left):
        yield


def also_record(handler: Method, rows: Rows | None = None) -> Method:
    """The handler, extended to store the event's row in the feed, or the rows that `rows` makes of it."""
    spec: SubscriberSpec = vars(handler)["chassis_subscriber"]
    source, _, name = spec.name.partition(".")

    def one_row(tx: NotificationsSession, event: ReceivedEvent) -> Sequence[FeedEvent]:
        return [row_of(tx, event, BY_NAME[spec.name], event.data)]

    @wraps(spec.method)
    def handle(tx: NotificationsSession, event: ReceivedEvent) -> None:
        began = time.monotonic()
        spec.method(tx, event)
        if tx.webhooks.any():
            keep = tx.feed.insert if spec.once else tx.feed.add
            with _in_time(began):
                keep((rows or one_row)(tx, event))

    return subscribe(source, name, takes=spec.takes, once=spec.once, concerns=spec.concerns)(handle)
