"""Publishing that is confirmed: events from the outbox, retries and parked messages.

Messages are persistent and `mandatory`, and the wait for the broker's confirm is bounded. A failed connection is
dropped without the closing handshake, which a silent broker would never answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from amqp.exceptions import AMQPError, ContentTooLarge, NotFound, PreconditionFailed
from eventlet.pools import Pool
from kombu import Connection, Producer

from services.chassis.errors import Invalid, Unavailable

UNROUTABLE = "message_unroutable"


class Publisher:
    """A few connections, each used by one greenlet at a time."""

    def __init__(self, amqp_uri: str, confirm_timeout: float, connections: int = 3) -> None:
        self._uri = amqp_uri
        self._confirm_timeout = confirm_timeout
        self._pool = Pool(max_size=connections, create=lambda: _Line(amqp_uri))

    def publish(self, exchange: str, routing_key: str, body: bytes, headers: Mapping[str, Any]) -> None:
        """Sends a message, and returns when the broker has it in a queue.

        Raises Unavailable otherwise (the message may have arrived); Invalid("message_refused") for one that the broker
        refuses from anybody: it is too big, or names an exchange that is not there.
        """
        with self._line() as line:
            try:
                line.publish(exchange, routing_key, body, headers, self._confirm_timeout)
            except (PreconditionFailed, ContentTooLarge, NotFound) as error:
                raise Invalid("message_refused", "O barramento de mensagens recusou a mensagem.") from error

    def depth(self, queue: str) -> int:
        """How many messages wait in a queue; raises Unavailable, also where there is no such queue."""
        with self._line() as line:
            return line.depth(queue)

    @contextmanager
    def _line(self) -> Iterator[_Line]:
        """A line that nobody else uses meanwhile; raises Unavailable where the broker fails."""
        line: _Line = self._pool.get()
        try:
            yield line
        except (AMQPError, OSError) as error:
            line.drop()
            raise Unavailable("broker_unavailable", "O barramento de mensagens não respondeu.") from error
        except BaseException:  # refused, or broken off half-way: nobody may go on where it stopped
            line.drop()
            raise
        finally:
            self._pool.put(line)

    def close(self) -> None:
        while self._pool.free_items:
            self._pool.free_items.pop().drop()


class _Line:
    """One connection with confirms, made when first needed."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._connection: Connection | None = None
        self._producer: Producer | None = None
        self._returned: list[str] = []

    def publish(
        self, exchange: str, routing_key: str, body: bytes, headers: Mapping[str, Any], confirm_timeout: float
    ) -> None:
        producer = self._producer or self._connect()
        self._returned.clear()
        producer.publish(
            body,
            exchange=exchange,
            routing_key=routing_key,
            headers=dict(headers),
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=2,
            mandatory=True,
            confirm_timeout=confirm_timeout,
            retry=False,
        )
        if self._returned:
            raise Unavailable(UNROUTABLE, "Nenhuma fila recebeu a mensagem; declare a topologia.")

    def depth(self, queue: str) -> int:
        producer = self._producer or self._connect()
        return int(producer.channel.queue_declare(queue, passive=True).message_count)

    def _connect(self) -> Producer:
        self._connection = Connection(self._uri, connect_timeout=3, transport_options={"confirm_publish": True})
        channel = self._connection.channel()
        self._producer = Producer(channel, auto_declare=False, on_return=self._on_return)
        return self._producer

    def _on_return(self, exception: Any, exchange: str, routing_key: str, message: Any) -> None:
        self._returned.append(routing_key)

    def drop(self) -> None:
        if self._connection is not None:
            self._connection.collect()
        self._connection = self._producer = None
