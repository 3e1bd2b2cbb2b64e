"""nameko's consumer, extended to survive silent brokers, drains, broker restarts, poison messages and lost replies.

Messages arrive undecoded, so kombu's JSON decoder (which makes objects of `__type__`) never sees user data. This module
does not distinguish commands from events; handling/entrypoints.py does.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import amqp
import eventlet
from amqp import spec
from amqp.exceptions import AMQPError, RecoverableConnectionError
from kombu import Connection
from kombu.exceptions import OperationalError
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import ProviderCollector, SharedExtension
from nameko.messaging import QueueConsumer

from services.chassis.access.context import seal_answer
from services.chassis.access.keyring import Keyring
from services.chassis.errors import Unavailable
from services.chassis.messaging import topology, transport
from services.chassis.messaging.answers import answer_of
from services.chassis.observability import metrics

log = logging.getLogger(__name__)

DIRECT_REPLY = "amq.rabbitmq.reply-to"
# How long a closing connection waits for its last acknowledgements to be written.
FLUSH_SECONDS = 1.0
CONNECTION_ERRORS = (AMQPError, OperationalError, OSError, AttributeError)


class Consumer(QueueConsumer):
    """The one connection of a service. It reconnects after any failure, and stops without doing work twice."""

    def __init__(self) -> None:
        super().__init__()
        self.stopping = False
        self.connected = False

    @property
    def connection(self) -> Connection:
        heartbeat = self.container.config["HEARTBEAT"]
        return Connection(self.amqp_uri, heartbeat=heartbeat, connect_timeout=3)

    @contextmanager
    def establish_connection(self) -> Iterator[Connection]:
        connection = self.create_connection()
        try:
            connection.ensure_connection(
                self.on_connection_error, interval_start=0.2, interval_step=0.3, interval_max=2
            )
            metrics.RECONNECTS.inc()
            check = connection.heartbeat_check
            connection.heartbeat_check = partial(_check_heartbeat, check, self.container.config["HEARTBEAT"])
            outgoing = transport.buffer(connection.connection.transport, self.container.config["vinculo"].reply_buffer)
            yield connection
            outgoing.drain(FLUSH_SECONDS)
        finally:
            self.connected = False
            # Drops the socket: the closing handshake would wait for ever on a silent broker.
            connection.collect()

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        log.warning("broker unreachable", extra={"error": type(exc).__name__, "retry_in": interval})

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        self._consumers = {}
        transport.take_raw_bodies(channel)
        for provider in self._providers:
            consumer = consumer_cls(
                queues=[provider.queue], on_message=partial(self.on_message, provider), auto_declare=True
            )
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def on_consume_ready(self, connection: Any, channel: Any, consumers: Any, **kwargs: Any) -> None:
        self.connected = True
        super().on_consume_ready(connection, channel, consumers, **kwargs)

    def on_message(self, provider: Any, message: Any) -> None:
        """Starts a worker; where none is free, a greenlet waits for one, so that this one can send heartbeats."""
        message.origin_queue = provider.queue.name
        if self.container._worker_pool.free() > 0:
            self._spawn(provider, message)
        else:
            self.container.spawn_managed_thread(partial(self._spawn, provider, message))

    def _spawn(self, provider: Any, message: Any) -> None:
        if self.stopping:
            return  # not acknowledged: the broker gives it to another replica
        try:
            provider.handle_message(message)
        except ContainerBeingKilled:
            pass

    def on_iteration(self) -> None:
        self._cancel_consumers_if_requested()
        idle = self.container._worker_pool.running() == 0
        if not self._consumers and idle:
            self.should_stop = True

    def ack_message(self, message: Any) -> None:
        """Acknowledges the message, unless its connection is lost: then the broker has requeued it already."""
        try:
            if message.channel.connection:
                message.ack()
        except CONNECTION_ERRORS:
            log.info("acknowledgement lost with the connection")


def _check_heartbeat(check: Any, seconds: float, *args: Any, **kwargs: Any) -> None:
    """Sends a heartbeat. One that cannot be written within `seconds` raises RecoverableConnectionError."""
    with eventlet.Timeout(seconds, RecoverableConnectionError("broker silent")):
        check(*args, **kwargs)


class RpcQueue(SharedExtension, ProviderCollector):
    """The service's request queue: gives each request to its method, and refuses requests for unknown methods."""

    consumer = Consumer()

    def __init__(self) -> None:
        self.queue: Any = None
        self._methods: dict[str, Any] = {}
        self._unregistered = False
        super().__init__()

    def setup(self) -> None:
        if self.queue is None:
            self.queue = topology.rpc_queue(self.container.service_name)
            self.consumer.register_provider(self)

    def register_provider(self, provider: Any) -> None:
        super().register_provider(provider)
        self._methods[f"{self.container.service_name}.{provider.method_name}"] = provider

    def unregister_provider(self, provider: Any) -> None:
        self.consumer.stopping = True
        if not self._unregistered:
            self._unregistered = True
            self.consumer.unregister_provider(self)
        super().unregister_provider(provider)

    def handle_message(self, message: Any) -> None:
        provider = self._methods.get(message.delivery_info["routing_key"])
        if provider is None:
            # Retryable: during an upgrade another process of this service may know the method.
            unknown = Unavailable("method_unknown", "Esta operação ainda não está disponível; tente de novo.")
            reply(message, answer_of("?", None, unknown).body, self.container.config["vinculo"].keys)
            self.consumer.ack_message(message)
        else:
            provider.handle_message(message)


def body_of(message: Any) -> bytes:
    body = message.body
    return body.encode() if isinstance(body, str) else bytes(body)


def reply(message: Any, body: bytes, keys: Keyring) -> None:
    """Sends an answer on the connection that delivered the request; nothing is sent for a request without reply_to.

    The reply is neither persistent nor confirmed, since its caller waits only until a deadline. It is lost with its
    connection, and dropped (and counted) where the connection's write buffer is full.
    """
    reply_to = message.properties.get("reply_to")
    if not reply_to:
        return
    answer = amqp.Message(
        body,
        content_type="application/json",
        content_encoding="utf-8",
        correlation_id=message.properties.get("correlation_id") or "",
        delivery_mode=1,
        application_headers=seal_answer(message.headers or {}, body, keys),
    )
    exchange = "" if reply_to.startswith(DIRECT_REPLY) else topology.RPC_EXCHANGE.name
    try:
        if transport.is_full(message.channel.connection.transport):
            metrics.REPLIES_DROPPED.inc()
            return
        # Not basic_publish, which first reads from the socket: only the consumer's greenlet may read.
        message.channel.send_method(spec.Basic.Publish, "Bssbb", (0, exchange, reply_to, False, False), answer)
    except CONNECTION_ERRORS:
        log.info("reply lost with the connection")
