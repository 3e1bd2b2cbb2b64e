"""The bus client: one pika I/O thread a worker process, calls as futures, a deadline that travels.

Opened on the first call, so always after gunicorn's fork. No other thread touches the connection
(architecture.md, fact 7). Never imports nameko, kombu or eventlet.
"""

from __future__ import annotations

import json
import logging
import random
import threading
import time
import uuid
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

import pika
from pika.adapters.select_connection import SelectConnection

from gateway.config import Config
from services.chassis.context import Context, seal
from services.chassis.errors import Unavailable, from_wire

log = logging.getLogger(__name__)

EXCHANGE = "nameko-rpc"
REPLY_TO = "amq.rabbitmq.reply-to"
MAX_PENDING = 1_000
BACK_OFF_SECONDS = (0.1, 0.3, 1.0, 2.0)


def unavailable(service: str) -> Unavailable:
    return Unavailable(f"{service}_unavailable", "O serviço não respondeu a tempo; tente novamente em instantes.")


class Call:
    """A request on its way; `result()` waits until its deadline at most."""

    def __init__(self, bus: Bus, service: str, correlation_id: str, deadline: float) -> None:
        self.service = service
        self.future: Future[Any] = Future()
        self._bus, self._id, self._deadline = bus, correlation_id, deadline

    def result(self) -> Any:
        """The answer; raises the Failure it names, or Unavailable("<service>_unavailable")."""
        try:
            answer = self.future.result(max(self._deadline - time.time(), 0))
        except FutureTimeout:
            raise unavailable(self.service) from None
        finally:
            self._bus.forget(self._id)
        if answer["error"]:
            raise from_wire(answer["error"])
        return answer["result"]


class Bus:
    """Multiplexes calls over one channel."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._pending: dict[str, Call] = {}
        self._lock = threading.Lock()
        self._connected = threading.Event()
        self._thread: threading.Thread | None = None
        self._connection: SelectConnection | None = None
        self._channel: Any = None
        self._closing = False
        self._failures = 0

    @property
    def pending(self) -> int:
        return len(self._pending)

    def connected(self, seconds: float = 0) -> bool:
        """Whether the bus is connected; waits for it up to `seconds`."""
        self._ensure_thread()
        return self._connected.wait(seconds)

    def call(self, service: str, method: str, data: dict[str, Any], context: Context, command: bool = False) -> Any:
        return self.submit(service, method, data, context, command).result()

    def submit(self, service: str, method: str, data: dict[str, Any], context: Context, command: bool = False) -> Call:
        """Sends a request; a command is persistent, a query transient. Raises Unavailable when not connected in time."""
        if not self.connected(max(context.deadline - time.time(), 0)):
            raise unavailable(service)
        routing_key = f"{service}.{method}"
        body = json.dumps({"args": [], "kwargs": data}, ensure_ascii=False, separators=(",", ":")).encode()
        call = Call(self, service, uuid.uuid4().hex, context.deadline)
        properties = pika.BasicProperties(
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=call._id,
            reply_to=REPLY_TO,
            expiration=str(max(int((context.deadline - time.time()) * 1000), 0)),
            delivery_mode=2 if command else 1,
            headers=seal(context, routing_key, body, self._config.signing_key),
        )
        with self._lock:
            if len(self._pending) >= MAX_PENDING:
                raise unavailable(service)
            self._pending[call._id] = call
        self._run_in_thread(lambda: self._publish(call, routing_key, body, properties))
        return call

    def forget(self, correlation_id: str) -> None:
        with self._lock:
            self._pending.pop(correlation_id, None)

    def close(self) -> None:
        self._closing = True
        if self._thread is not None:
            self._run_in_thread(self._close_connection)
            self._thread.join(2)

    # In the I/O thread from here on.

    def _ensure_thread(self) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="bus", daemon=True)
                    self._thread.start()

    def _run_in_thread(self, callback: Any) -> None:
        connection = self._connection
        if connection is not None:
            connection.ioloop.add_callback_threadsafe(callback)

    def _run(self) -> None:
        while not self._closing:
            parameters = pika.URLParameters(self._config.amqp_uri)
            parameters.heartbeat = self._config.heartbeat
            parameters.blocked_connection_timeout = self._config.rpc_seconds
            parameters.socket_timeout = parameters.stack_timeout = 5
            self._connection = SelectConnection(
                parameters,
                on_open_callback=self._on_open,
                on_open_error_callback=self._on_lost,
                on_close_callback=self._on_lost,
            )
            self._connection.ioloop.start()
            self._fail_all()
            wait = BACK_OFF_SECONDS[min(self._failures, len(BACK_OFF_SECONDS) - 1)]
            self._failures += 1
            threading.Event().wait(wait * random.uniform(0.5, 1.5))

    def _on_open(self, connection: SelectConnection) -> None:
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Any) -> None:
        self._channel = channel
        channel.add_on_close_callback(self._on_channel_closed)
        channel.add_on_return_callback(self._on_return)
        channel.basic_consume(REPLY_TO, self._on_reply, auto_ack=True, callback=self._on_consuming)

    def _on_consuming(self, _: Any) -> None:
        self._failures = 0
        self._connected.set()
        log.info("bus connected")

    def _on_lost(self, connection: SelectConnection, reason: Any) -> None:
        log.warning("bus lost", extra={"reason": type(reason).__name__})
        self._connected.clear()
        connection.ioloop.stop()

    def _on_channel_closed(self, channel: Any, reason: Any) -> None:
        self._close_connection()

    def _close_connection(self) -> None:
        connection = self._connection
        if connection is not None and not (connection.is_closed or connection.is_closing):
            connection.close()

    def _publish(self, call: Call, routing_key: str, body: bytes, properties: pika.BasicProperties) -> None:
        if not self._connected.is_set():
            self._fail(call._id)
            return
        self._channel.basic_publish(EXCHANGE, routing_key, body, properties, mandatory=True)

    def _on_return(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        self._fail(properties.correlation_id)

    def _on_reply(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        with self._lock:
            call = self._pending.pop(properties.correlation_id, None)
        if call is not None and not call.future.done():
            call.future.set_result(json.loads(body))

    def _fail(self, correlation_id: str) -> None:
        with self._lock:
            call = self._pending.pop(correlation_id, None)
        if call is not None and not call.future.done():
            call.future.set_result({"result": None, "error": unavailable(call.service).to_wire()})

    def _fail_all(self) -> None:
        """Their replies were on their way to a queue that is gone."""
        for correlation_id in list(self._pending):
            self._fail(correlation_id)
