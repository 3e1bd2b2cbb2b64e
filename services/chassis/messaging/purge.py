"""Taking single messages out of queues where messages stay: parked, waiting for a retry, or heard by nobody.

Each message is looked at in turn: a wanted one is dropped, any other goes to the end of its queue and is only then
acknowledged, after the broker's confirm. A crash in between leaves a double, and loses nothing.
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
from services.chassis.messaging.transport import take_as_is

LOCK = "vinculo.purge"

Unwanted = Callable[[bytes, dict[str, Any]], bool]


def purge(amqp_uri: str, publisher: Publisher, queues: Iterable[str], drops: Unwanted) -> int:
    """Drops the messages for whose body and headers `drops` is true; answers how many there were.

    One purge at a time in an installation; raises Unavailable while another runs, or where the broker fails.
    """
    try:
        with Connection(amqp_uri, connect_timeout=3) as connection:
            connection.channel().queue_declare(LOCK, exclusive=True, durable=False)
            return sum(_purge(connection, publisher, queue, drops) for queue in queues)
    except ResourceLocked as error:
        raise Unavailable("purge_running", "Outra limpeza de mensagens está em andamento.") from error
    except (AMQPError, OSError) as error:
        raise Unavailable("broker_unavailable", "O barramento de mensagens não respondeu.") from error


def _way_back(queue: str, came_by: dict[str, Any]) -> tuple[str, str]:
    """The exchange and routing key that lead to the end of this queue, and to no other one."""
    if queue.startswith("evt-"):
        return "", queue
    exchange = UNROUTED_EXCHANGE.name if queue == UNROUTED else came_by["exchange"]
    return exchange, came_by["routing_key"]


def _purge(connection: Connection, publisher: Publisher, queue: str, drops: Unwanted) -> int:
    channel, dropped = take_as_is(connection.channel()), 0
    try:
        count = channel.queue_declare(queue, passive=True).message_count
    except NotFound:
        return 0
    for _ in range(count):
        message = channel.basic_get(queue, no_ack=False)
        if message is None:
            break
        body, headers = body_of(message), dict(message.headers or {})
        if drops(body, headers):
            dropped += 1
        else:
            publisher.publish(*_way_back(queue, message.delivery_info), body, headers)
        channel.basic_ack(message.delivery_tag)
    channel.close()
    return dropped
