"""The exchanges and queues of a service, derived from its handlers and declared before any service starts.

Names (architecture.md): `rpc-<service>`, `<source>.events`, `evt-<source>-<event>--<service>.on_<source>_<event>`,
`retry.<service>.<seconds>`, `dead.<service>`. An event without a subscriber waits in `unrouted`. The
routing key of an event is its name, that of a minor one `<event>.minor` (ADR 0054).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from amqp.exceptions import PreconditionFailed
from kombu import Connection, Exchange, Queue

RPC_EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True, no_declare=False)
UNROUTED_EXCHANGE = Exchange("vinculo.unrouted", type="fanout", durable=True)
UNROUTED = "unrouted"
UNROUTED_DAYS = 7
DELIVERY_LIMIT = 20
RPC_QUEUE_LIMIT = 10_000
# The bounds of a dead-letter queue; beyond the number the oldest messages are dropped.
DEAD_PREFIX = "dead."
DEAD_DAYS = 90
DEAD_MESSAGES = 100_000
# Follows the name in the routing key of a minor event.
MINOR = ".minor"
# Each reading of a dead-letter queue delivers its messages and returns them; RabbitMQ 4 would drop them after 20.
DEAD_DELIVERY_LIMIT = 1_000_000_000

QUORUM = {"x-queue-type": "quorum"}
# Without at-least-once dead-lettering a message that the broker moves may be lost.
SAFE_DEAD_LETTERING = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}


@dataclass(frozen=True)
class Subscription:
    """That `service` handles the event `event` of the service `source`; with `minor` also the minor ones."""

    source: str
    event: str
    service: str
    minor: bool = True

    @property
    def queue(self) -> str:
        return f"evt-{self.source}-{self.event}--{self.service}.on_{self.source}_{self.event}"

    @property
    def binding(self) -> str:
        """The routing keys that it hears."""
        return f"{self.event}.#" if self.minor else self.event


def events_exchange(source: str) -> Exchange:
    arguments = {"alternate-exchange": UNROUTED_EXCHANGE.name}
    return Exchange(f"{source}.events", type="topic", durable=True, arguments=arguments)


def rpc_queue(service: str) -> Queue:
    """A classic, bounded queue without dead-lettering: an expired request has no caller any more."""
    arguments = {"x-max-length": RPC_QUEUE_LIMIT, "x-overflow": "reject-publish"}
    return Queue(f"rpc-{service}", RPC_EXCHANGE, f"{service}.*", durable=True, queue_arguments=arguments)


def event_queue(subscription: Subscription) -> Queue:
    arguments = {
        **QUORUM,
        **SAFE_DEAD_LETTERING,
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": dead_queue_name(subscription.service),
    }
    exchange = events_exchange(subscription.source)
    return Queue(subscription.queue, exchange, subscription.binding, durable=True, queue_arguments=arguments)


def dead_queue_name(service: str) -> str:
    return f"{DEAD_PREFIX}{service}"


def dead_queue(service: str, days: int = DEAD_DAYS, most: int = DEAD_MESSAGES) -> Queue:
    arguments = {
        **QUORUM,
        "x-message-ttl": days * 86_400_000,
        "x-max-length": most,
        "x-overflow": "drop-head",
        "x-delivery-limit": DEAD_DELIVERY_LIMIT,
    }
    return Queue(dead_queue_name(service), durable=True, queue_arguments=arguments)


def retry_queue_name(service: str, seconds: int) -> str:
    return f"retry.{service}.{seconds}"


def retry_queue(service: str, seconds: int) -> Queue:
    """A queue whose messages go, after `seconds`, to the queue that their routing key names."""
    name = retry_queue_name(service, seconds)
    arguments = {
        **QUORUM,
        **SAFE_DEAD_LETTERING,
        "x-message-ttl": seconds * 1000,
        "x-dead-letter-exchange": "",
    }
    return Queue(name, Exchange(name, type="fanout", durable=True), durable=True, queue_arguments=arguments)


def queues(
    service: str,
    subscriptions: Iterable[Subscription],
    retry_delays: Sequence[int],
    dead: tuple[int, int] = (DEAD_DAYS, DEAD_MESSAGES),
) -> list[Queue]:
    """All queues of one service; `dead`: the days and the number of messages that its dead-letter queue keeps."""
    return [
        rpc_queue(service),
        *(event_queue(s) for s in subscriptions),
        *(retry_queue(service, seconds) for seconds in sorted(set(retry_delays))),
        dead_queue(service, *dead),
    ]


def unrouted_queue() -> Queue:
    arguments = {"x-message-ttl": UNROUTED_DAYS * 86_400_000, "x-max-length": 100_000}
    return Queue(UNROUTED, UNROUTED_EXCHANGE, durable=True, queue_arguments=arguments)


def declare(amqp_uri: str, exchanges: Iterable[Exchange], wanted: Iterable[Queue]) -> None:
    """Declares exchanges and queues; raises amqp's PreconditionFailed where a queue exists with other arguments.

    A dead-letter queue with other bounds is recreated; raises QueueNotEmpty where that would lose messages.
    """
    with Connection(amqp_uri, connect_timeout=5) as connection:
        channel = connection.channel()
        for exchange in (RPC_EXCHANGE, UNROUTED_EXCHANGE, *exchanges):
            exchange(channel).declare()
        for queue in (unrouted_queue(), *wanted):
            try:
                queue(channel).declare()
            except PreconditionFailed:
                if not queue.name.startswith(DEAD_PREFIX):
                    raise
                channel = connection.channel()  # the failure closed the other one
                _recreate(channel, queue)


class QueueNotEmpty(Exception):
    """A queue that would have to be recreated holds messages."""


def _recreate(channel: Any, queue: Queue) -> None:
    count = channel.queue_declare(queue.name, passive=True).message_count
    if count:
        reason = f"{queue.name} has other bounds, and {count} messages: requeue or drop them first (vinculo parked)"
        raise QueueNotEmpty(reason)
    channel.queue_delete(queue.name)
    queue(channel).declare()
