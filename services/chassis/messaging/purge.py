"""Removing single messages from queues where messages stay: parked, waiting for a retry, or without a subscriber.

Each message is fetched in turn. One that matches is dropped; any other is published again to the end of its queue, and
acknowledged only after the broker's confirm. A crash in between leaves a duplicate, and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from amqp.exceptions import AMQPError, NotFound, ResourceLocked
from kombu import Connection

from services.chassis.errors import Unavailable
from services.chassis.messaging.delivery import body_of
from services.chassis.messaging.publisher import Publisher
from services.chassis.messaging.topology import UNROUTED, UNROUTED_EXCHANGE
from services.chassis.messaging.transport import take_raw_bodies

LOCK = "vinculo.purge"

# Of a message's body and headers: whether it is to be dropped.
Matches = Callable[[bytes, dict[str, Any]], bool]


def purge(amqp_uri: str, publisher: Publisher, queues: Iterable[str], matches: Matches) -> int:
    """Drops the messages for whose body and headers `matches` is true, and returns their number.

    One purge at a time in an installation; raises Unavailable while another runs, or where the broker fails.
    """
    try:
        with Connection(amqp_uri, connect_timeout=3) as connection:
            connection.channel().queue_declare(LOCK, exclusive=True, durable=False)
            return sum(_purge(connection, publisher, queue, matches) for queue in queues)
    except ResourceLocked as error:
        raise Unavailable("purge_running", "Outra limpeza de mensagens está em andamento.") from error
    except (AMQPError, OSError) as error:
        raise Unavailable("broker_unavailable", "O barramento de mensagens não respondeu.") from error


def _way_back(queue: str, delivery_info: dict[str, Any]) -> tuple[str, str]:
    """The exchange and routing key that lead to the end of this queue, and to no other one."""
    if queue.startswith("evt-"):
        return "", queue
    exchange = UNROUTED_EXCHANGE.name if queue == UNROUTED else delivery_info["exchange"]
    return exchange, delivery_info["routing_key"]


def _purge(connection: Connection, publisher: Publisher, queue: str, matches: Matches) -> int:
    channel, dropped = take_raw_bodies(connection.channel()), 0
    try:
        count = channel.queue_declare(queue, passive=True).message_count
    except NotFound:
        return 0
    for _ in range(count):
        message = channel.basic_get(queue, no_ack=False)
        if message is None:
            break
        body, headers = body_of(message), dict(message.headers or {})
        if matches(body, headers):
            dropped += 1
        else:
            publisher.publish(*_way_back(queue, message.delivery_info), body, headers)
        channel.basic_ack(message.delivery_tag)
    channel.close()
    return dropped
