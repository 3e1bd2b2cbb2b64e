"""The messages in a service's dead-letter queue: looked at, sent back to where they came from, or dropped.

All are fetched and held; what is not settled goes back when the connection ends. A request is never sent back: its
caller was answered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from amqp.exceptions import NotFound
from kombu import Connection

from services.chassis.access.context import SIGNATURE_HEADER
from services.chassis.messaging.copies import first_failure_in, tries_in
from services.chassis.messaging.delivery import body_of
from services.chassis.messaging.publisher import Publisher
from services.chassis.messaging.topology import dead_queue_name
from services.chassis.messaging.transport import take_as_is

MOST = 10_000
# AMQP's, of a queue.
LONGEST_NAME = 255


@dataclass(frozen=True)
class Dead:
    """One message; `id` follows from its body, so it stays the same however often one looks."""

    id: str
    queue: str
    reason: str
    tries: int
    since: float | None
    body: bytes
    signature: str
    tag: int

    @property
    def is_event(self) -> bool:
        return self.queue.startswith("evt-")

    @property
    def company(self) -> str | None:
        """As the message says it; nobody vouches for what is here."""
        try:
            said = json.loads(self.body)["company"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        return said if isinstance(said, str) else None

    @property
    def fields(self) -> list[str]:
        """The names of the event's fields, without their values, which may be personal data."""
        try:
            said = json.loads(self.body)
            return sorted([*said, *(f"data.{name}" for name in said.get("data", {}))])
        except (ValueError, TypeError, AttributeError, RecursionError):
            return []


class DeadLetters:
    """The messages found by one reading of the queue; `requeue` and `drop` take one of them."""

    def __init__(self, channel: Any, publisher: Publisher, found: list[Dead]) -> None:
        self._channel = channel
        self._publisher = publisher
        self.found = found

    def requeue(self, dead: Dead) -> bool:
        """Sends the message to its queue again, and removes it here when the broker has the copy.

        False for a request, which is kept. Raises Unavailable.
        """
        if not dead.is_event:
            return False
        self._publisher.publish("", dead.queue, dead.body, {SIGNATURE_HEADER: dead.signature})
        self.drop(dead)
        return True

    def drop(self, dead: Dead) -> None:
        self._channel.basic_ack(dead.tag)


@contextmanager
def looked_at(amqp_uri: str, publisher: Publisher, service: str) -> Iterator[DeadLetters]:
    """At most MOST messages, the oldest first."""
    with Connection(amqp_uri, connect_timeout=5) as connection:
        channel = take_as_is(connection.channel())
        queue = dead_queue_name(service)
        try:
            count = channel.queue_declare(queue, passive=True).message_count
        except NotFound:
            yield DeadLetters(channel, publisher, [])
            return
        found = []
        for _ in range(min(count, MOST)):
            message = channel.basic_get(queue, no_ack=False)
            if message is None:
                break
            found.append(_dead(message))
        yield DeadLetters(channel, publisher, found)
        channel.close()


def _dead(message: Any) -> Dead:
    headers, body = dict(message.headers or {}), body_of(message)
    return Dead(
        id=f"message|{hashlib.sha256(body).hexdigest()[:16]}",
        queue=str(headers.get("vinculo-queue") or headers.get("x-first-death-queue") or "")[:LONGEST_NAME],
        reason=str(headers.get("vinculo-reason") or headers.get("x-first-death-reason") or "")[:LONGEST_NAME],
        tries=tries_in(headers),
        since=first_failure_in(headers),
        body=body,
        signature=str(headers.get(SIGNATURE_HEADER, "")),
        tag=message.delivery_tag,
    )
