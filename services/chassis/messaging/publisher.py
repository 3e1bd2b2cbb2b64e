"""Publishing with the broker's confirm: for events of the outbox, retries and parked messages.

Messages are persistent and `mandatory`, and the wait for the confirm is bounded. A failed connection is dropped without
the closing handshake, which a silent broker would never answer.
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
    """A pool of connections, each used by one greenlet at a time. `confirm_timeout` in seconds."""

    def __init__(self, amqp_uri: str, confirm_timeout: float, connections: int = 3) -> None:
        self._confirm_timeout = confirm_timeout
        self._pool = Pool(max_size=connections, create=lambda: _Channel(amqp_uri))

    def publish(self, exchange: str, routing_key: str, body: bytes, headers: Mapping[str, Any]) -> None:
        """Sends a message, and returns when the broker has it in a queue.

        Raises Unavailable otherwise (the message may have arrived), and Invalid("message_refused") for a message that
        is too big or names an exchange that does not exist.
        """
        with self._channel() as channel:
            try:
                channel.publish(exchange, routing_key, body, headers, self._confirm_timeout)
            except (PreconditionFailed, ContentTooLarge, NotFound) as error:
                raise Invalid("message_refused", "O barramento de mensagens recusou a mensagem.") from error

    def depth(self, queue: str) -> int:
        """How many messages wait in a queue; raises Unavailable, also where the queue does not exist."""
        with self._channel() as channel:
            return channel.depth(queue)

    @contextmanager
    def _channel(self) -> Iterator[_Channel]:
        """A channel of the pool, for this greenlet alone. Raises Unavailable where the broker fails."""
        channel: _Channel = self._pool.get()
        try:
            yield channel
        except (AMQPError, OSError) as error:
            channel.drop()
            raise Unavailable("broker_unavailable", "O barramento de mensagens não respondeu.") from error
        except BaseException:  # closed by a refusal, or interrupted within a frame: not usable any more
            channel.drop()
            raise
        finally:
            self._pool.put(channel)

    def close(self) -> None:
        while self._pool.free_items:
            self._pool.free_items.pop().drop()


class _Channel:
    """One channel with confirms, on a connection of its own that is made when first needed."""

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
