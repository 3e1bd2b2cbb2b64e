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
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

import pika
from pika.adapters.select_connection import SelectConnection
from pika.exceptions import AMQPError

from gateway.config import Config
from services.chassis.context import Context, seal
from services.chassis.errors import Failure, Internal, Unavailable, from_wire

log = logging.getLogger(__name__)

EXCHANGE = "nameko-rpc"
REPLY_TO = "amq.rabbitmq.reply-to"
JSON, UTF8 = "application/json", "utf-8"
MAX_PENDING = 1_000
BACK_OFF_SECONDS = (0.1, 0.3, 1.0, 2.0)


def unavailable(service: str) -> Unavailable:
    return Unavailable(f"{service}_unavailable", "O serviço não respondeu a tempo; tente novamente em instantes.")


class Call:
    """A request on its way; `result()` waits until its deadline at most. One that is not awaited is cancelled."""

    def __init__(self, bus: Bus, service: str, deadline: float) -> None:
        self.id = uuid.uuid4().hex
        self.service = service
        self.deadline = deadline
        self.future: Future[dict[str, Any]] = Future()
        self._bus = bus

    def result(self) -> Any:
        """The answer; raises the Failure it names, or Unavailable("<service>_unavailable")."""
        try:
            answer = self.future.result(max(self.deadline - time.time(), 0))
        except (FutureTimeout, CancelledError):
            raise unavailable(self.service) from None
        finally:
            self.cancel()
        if answer["error"]:
            raise from_wire(answer["error"])
        return answer["result"]

    def cancel(self) -> None:
        """Nobody waits any more: a late reply is dropped."""
        self._bus.forget(self.id)
        self.future.cancel()

    def settle(self, answer: dict[str, Any]) -> None:
        if self.future.set_running_or_notify_cancel():
            self.future.set_result(answer)

    def fail(self, failure: Failure) -> None:
        self.settle({"result": None, "error": failure.to_wire()})


class Bus:
    """Multiplexes calls over one channel. `_pending` and `_channel` change under `_lock` only."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._pending: dict[str, Call] = {}
        self._lock = threading.Lock()
        self._connected = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._connection: SelectConnection | None = None
        self._channel: Any = None
        self._failures = 0
        self.connections = 0

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
        """Sends a request (a command is persistent). Raises Unavailable when not connected in time."""
        call = Call(self, service, context.deadline)
        routing_key = f"{service}.{method}"
        body = _body(data)
        headers = seal(context, routing_key, body, self._config.signing_key)

        def publish() -> None:
            self._publish(call, routing_key, body, headers, command)

        while self.connected(max(call.deadline - time.time(), 0)):
            if self._enter(call, publish):
                return call
        raise unavailable(service)

    def send(self, service: str, method: str, data: dict[str, Any], context: Context) -> bool:
        """Hands a persistent one-way request to the I/O thread and returns; False when not connected now."""
        routing_key = f"{service}.{method}"
        body = _body(data)
        headers = seal(context, routing_key, body, self._config.signing_key)
        properties = pika.BasicProperties(JSON, UTF8, headers, delivery_mode=2)

        def publish() -> None:
            if self._channel is not None:
                self._channel.basic_publish(EXCHANGE, routing_key, body, properties)

        self._ensure_thread()
        with self._lock:
            if self._channel is None or self._connection is None:
                return False
            self._connection.ioloop.add_callback_threadsafe(publish)
            return True

    def forget(self, call_id: str) -> None:
        with self._lock:
            self._pending.pop(call_id, None)

    def close(self) -> None:
        """Ends the connection and the thread; pending calls fail."""
        self._closing.set()
        with self._lock:
            thread, connection = self._thread, self._connection
            if connection is not None:
                connection.ioloop.add_callback_threadsafe(self._close_connection)
        if thread is not None:
            thread.join(2)

    def _ensure_thread(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        with self._lock:
            if (self._thread is None or not self._thread.is_alive()) and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name="bus", daemon=True)
                self._thread.start()

    def _enter(self, call: Call, publish: Callable[[], None]) -> bool:
        """Notes the call and hands it to the I/O thread; False when the connection was just lost."""
        with self._lock:
            if self._channel is None or self._connection is None:
                return False
            if len(self._pending) >= MAX_PENDING:
                raise unavailable(call.service)
            self._pending[call.id] = call
            self._connection.ioloop.add_callback_threadsafe(publish)
            return True

    # In the I/O thread from here on.

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._serve()
            except (AMQPError, OSError) as error:
                log.warning("bus failed", extra={"reason": type(error).__name__})
            wait = BACK_OFF_SECONDS[min(self._failures, len(BACK_OFF_SECONDS) - 1)]
            self._failures += 1
            self._closing.wait(wait * random.uniform(0.5, 1.5))

    def _serve(self) -> None:
        """One connection, from its opening to its end."""
        connection = SelectConnection(
            self._parameters(),
            on_open_callback=self._on_open,
            on_open_error_callback=self._on_lost,
            on_close_callback=self._on_lost,
        )
        self._connection = connection
        try:
            connection.ioloop.start()
        finally:
            self._lose()
            connection.ioloop.close()

    def _parameters(self) -> pika.URLParameters:
        parameters = pika.URLParameters(self._config.amqp_uri)
        parameters.heartbeat = self._config.heartbeat
        parameters.blocked_connection_timeout = self._config.rpc_seconds
        parameters.socket_timeout = parameters.stack_timeout = 5
        parameters.client_properties = {"connection_name": "vinculo-gateway"}
        return parameters

    def _on_open(self, connection: SelectConnection) -> None:
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Any) -> None:
        channel.add_on_close_callback(self._on_channel_closed)
        channel.add_on_return_callback(self._on_return)
        channel.basic_consume(REPLY_TO, self._on_reply, auto_ack=True, callback=lambda _: self._on_consuming(channel))

    def _on_consuming(self, channel: Any) -> None:
        with self._lock:
            self._channel = channel
            self._connected.set()
        self._failures = 0
        self.connections += 1
        log.info("bus connected")

    def _on_lost(self, connection: SelectConnection, reason: Any) -> None:
        log.warning("bus lost", extra={"reason": type(reason).__name__})
        self._lose()
        connection.ioloop.stop()

    def _on_channel_closed(self, channel: Any, reason: Any) -> None:
        self._lose()
        self._close_connection()

    def _close_connection(self) -> None:
        connection = self._connection
        if connection is not None and not (connection.is_closed or connection.is_closing):
            connection.close()

    def _publish(self, call: Call, routing_key: str, body: bytes, headers: dict[str, str], command: bool) -> None:
        remaining = call.deadline - time.time()
        if call.id not in self._pending or remaining <= 0:
            return  # given up before it was sent
        properties = pika.BasicProperties(
            content_type=JSON,
            content_encoding=UTF8,
            correlation_id=call.id,
            reply_to=REPLY_TO,
            expiration=str(max(int(remaining * 1000), 1)),
            delivery_mode=2 if command else 1,
            headers=headers,
        )
        self._channel.basic_publish(EXCHANGE, routing_key, body, properties, mandatory=True)

    def _on_return(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        """Nobody has that queue: the service never ran here."""
        call = self._take(properties.correlation_id)
        if call is not None:
            call.fail(unavailable(call.service))

    def _on_reply(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        call = self._take(properties.correlation_id)
        if call is not None:
            call.settle(_answer(body))

    def _take(self, call_id: str) -> Call | None:
        with self._lock:
            return self._pending.pop(call_id, None)

    def _lose(self) -> None:
        """Fails all pending calls: their replies were on their way to a queue that is gone."""
        with self._lock:
            self._connected.clear()
            self._channel = None
            lost = list(self._pending.values())
            self._pending.clear()
        for call in lost:
            call.fail(unavailable(call.service))


def _body(data: dict[str, Any]) -> bytes:
    return json.dumps({"args": [], "kwargs": data}, ensure_ascii=False, separators=(",", ":")).encode()


def _answer(body: bytes) -> dict[str, Any]:
    """A reply's envelope; one that is no reply counts as a defect of the service, not of this thread."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and {"result", "error"} <= answer.keys():
        return answer
    return {"result": None, "error": Internal("reply_malformed", "Erro interno; tente novamente.").to_wire()}
