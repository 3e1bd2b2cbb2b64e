"""Reading a service's dead-letter queue, and requeuing or dropping its messages.

All messages are fetched and stay unacknowledged: the broker puts those that were neither requeued nor dropped back into
the queue when the connection ends. A request is never requeued, since its caller was answered.
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
from services.chassis.messaging.delivery import body_of
from services.chassis.messaging.publisher import Publisher
from services.chassis.messaging.redelivery import first_failure_in, tries_in
from services.chassis.messaging.topology import dead_queue_name
from services.chassis.messaging.transport import take_raw_bodies

MOST_MESSAGES = 10_000
# The longest name of a queue in AMQP, in bytes.
LONGEST_NAME = 255


@dataclass(frozen=True)
class DeadLetter:
    """One message. `id` is a hash of the body, so it is the same at every reading; `since` is the first failure, in
    seconds since 1970; `tag` is the broker's delivery tag."""

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
        """The company that the body names; its signature was not verified."""
        try:
            company = json.loads(self.body)["company"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        return company if isinstance(company, str) else None

    @property
    def fields(self) -> list[str]:
        """The names of the event's fields, without their values, which may be personal data."""
        try:
            envelope = json.loads(self.body)
            return sorted([*envelope, *(f"data.{name}" for name in envelope.get("data", {}))])
        except (ValueError, TypeError, AttributeError, RecursionError):
            return []


class DeadLetters:
    """The messages of one reading of the queue; `requeue` and `drop` take one of them."""

    def __init__(self, channel: Any, publisher: Publisher, letters: list[DeadLetter]) -> None:
        self._channel = channel
        self._publisher = publisher
        self.letters = letters

    def requeue(self, dead: DeadLetter) -> bool:
        """Sends the message to its queue again, and removes it here when the broker has the copy.

        False for a request, which is kept. Raises Unavailable.
        """
        if not dead.is_event:
            return False
        self._publisher.publish("", dead.queue, dead.body, {SIGNATURE_HEADER: dead.signature})
        self.drop(dead)
        return True

    def drop(self, dead: DeadLetter) -> None:
        self._channel.basic_ack(dead.tag)


@contextmanager
def open_dead_letters(amqp_uri: str, publisher: Publisher, service: str) -> Iterator[DeadLetters]:
    """Fetches at most MOST_MESSAGES messages, the oldest first."""
    with Connection(amqp_uri, connect_timeout=5) as connection:
        channel = take_raw_bodies(connection.channel())
        queue = dead_queue_name(service)
        try:
            count = channel.queue_declare(queue, passive=True).message_count
        except NotFound:
            yield DeadLetters(channel, publisher, [])
            return
        letters = []
        for _ in range(min(count, MOST_MESSAGES)):
            message = channel.basic_get(queue, no_ack=False)
            if message is None:
                break
            letters.append(_dead_letter(message))
        yield DeadLetters(channel, publisher, letters)
        channel.close()


def _dead_letter(message: Any) -> DeadLetter:
    headers, body = dict(message.headers or {}), body_of(message)
    return DeadLetter(
        id=f"message|{hashlib.sha256(body).hexdigest()[:16]}",
        queue=str(headers.get("vinculo-queue") or headers.get("x-first-death-queue") or "")[:LONGEST_NAME],
        reason=str(headers.get("vinculo-reason") or headers.get("x-first-death-reason") or "")[:LONGEST_NAME],
        tries=tries_in(headers),
        since=first_failure_in(headers),
        body=body,
        signature=str(headers.get(SIGNATURE_HEADER, "")),
        tag=message.delivery_tag,
    )
