"""Events that were announced before the backup's moment and not yet heard by all their readers: no database has them.

They are kept in the backup and published again after it is restored; who applied one knows its id, and does nothing.
Three places are looked at. A tap hears all that is announced while the backup begins. Who is behind has what was
announced before in its queue: a queue that was once empty since then has nothing of it, any other is looked through.
And what failed waits in the retry queues. The moment is one in which the tap hears nothing, so that each event is
plainly before or after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from kombu import Connection

from deploy.operations.backup.records import Message
from deploy.operations.installation import amqp_uri, publisher
from deploy.operations.looking import queues
from deploy.topology import SERVICES, settings
from services.chassis.access.context import SIGNATURE_HEADER
from services.chassis.handling.entrypoints import subscriptions_of
from services.chassis.messaging import topology
from services.chassis.messaging.delivery import body_of
from services.chassis.messaging.transport import take_raw_bodies

MARK = "vinculo-mark"
# For queues to be empty once; who is behind by more is looked through instead.
PATIENCE_SECONDS = 20.0
# What a reader held unacknowledged then is done by now, or back in a queue: longer than its transaction may last.
SETTLED_SECONDS = 12.0
TRIES = 300
# As many as a dead-letter queue keeps, unless set otherwise.
MOST = 100_000
LOOK_SECONDS = 0.05


class Tap:
    """A queue of our own that hears every event."""

    def __init__(self, connection: Connection) -> None:
        self._channel = take_raw_bodies(connection.channel())
        self._name: str = self._channel.queue_declare("", exclusive=True).queue
        for service in SERVICES:
            self._channel.queue_bind(self._name, topology.events_exchange(service.name).name, "#")
        self.heard: list[Message] = []

    def quiet(self, moment: Callable[[], Any], send: Callable[[str, str], None]) -> bool:
        """Calls `moment` between two marks; whether nothing was heard between them. What came before is in `heard`."""
        send(self._name, "before")
        moment()
        send(self._name, "after")
        self.heard += self._until("before")
        between = self._until("after")
        self.heard += between
        return not between

    def close(self) -> None:
        """It hears no more: else the broker would keep all that is announced while the databases are read."""
        self._channel.queue_delete(self._name)

    def _until(self, mark: str) -> list[Message]:
        found: list[Message] = []
        while True:
            message = self._channel.basic_get(self._name, no_ack=True)
            if message is None:
                time.sleep(LOOK_SECONDS)
                continue
            headers = dict(message.headers or {})
            if headers.get(MARK) == mark:
                return found
            if MARK not in headers:
                where = (message.delivery_info["exchange"], message.delivery_info["routing_key"])
                found.append(Message(*where, body_of(message), _signature(headers)))


@contextmanager
def tapped() -> Iterator[tuple[Tap, Callable[[str, str], None]]]:
    """The tap, and what sends it a mark."""
    with Connection(amqp_uri(), connect_timeout=5) as connection, publisher() as sending:
        yield Tap(connection), lambda queue, mark: sending.publish("", queue, b"{}", {MARK: mark})


def event_queues() -> list[str]:
    return [one.queue for service in SERVICES for one in subscriptions_of(service)]


def retry_queues() -> list[str]:
    delays = sorted(set(settings()[1]))
    return [topology.retry_queue_name(service.name, seconds) for service in SERVICES for seconds in delays]


def dead_queues() -> list[str]:
    return [topology.dead_queue_name(service.name) for service in SERVICES]


def written_queues() -> list[str]:
    """Those that a restore may write to, and those that lead there."""
    return [*event_queues(), *retry_queues(), *dead_queues()]


def empty_queues() -> None:
    with Connection(amqp_uri(), connect_timeout=5) as connection:
        channel = connection.channel()
        for name in written_queues():
            channel.queue_purge(name)


def behind(names: Iterable[str]) -> list[str]:
    """The queues that were never empty in this time."""
    left, until = list(names), time.monotonic() + PATIENCE_SECONDS
    while left and time.monotonic() < until:
        left = [one.name for one in queues(left) if one.waiting]
        time.sleep(LOOK_SECONDS)
    return left


def waiting(names: Iterable[str]) -> list[Message]:
    """What lies in these queues; it stays there."""
    found = []
    with Connection(amqp_uri(), connect_timeout=5) as connection:
        for queue in queues(list(names)):
            # what is fetched goes back, all at once, when its channel closes
            channel = take_raw_bodies(connection.channel())
            for _ in range(min(queue.waiting or 0, MOST)):
                message = channel.basic_get(queue.name, no_ack=False)
                if message is None:
                    break
                found.append(_kept(queue.name, message))
            channel.close()
    if len(found) >= MOST:
        told = (
            f"{MOST} messages wait for readers that are behind: `vinculo status` says whose; back up when they are done"
        )
        raise click.ClickException(told)
    return found


def _kept(queue: str, message: Any) -> Message:
    """A retry goes on to the queue that its routing key names; all else back to where it lies."""
    headers = dict(message.headers or {})
    target = message.delivery_info["routing_key"] if queue.startswith("retry.") else queue
    kept = headers if queue.startswith(topology.DEAD_PREFIX) else _signature(headers)
    return Message("", target, body_of(message), kept)


def _signature(headers: dict[str, Any]) -> dict[str, Any]:
    return {SIGNATURE_HEADER: str(headers.get(SIGNATURE_HEADER, ""))}
