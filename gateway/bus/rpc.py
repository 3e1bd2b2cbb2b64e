"""The bus client: one pika I/O thread in each worker process, calls as futures, a deadline that each message carries.

The connection opens on the first call, so always after gunicorn's fork. No thread but the I/O thread touches it.
This module never imports nameko, kombu or eventlet.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pika
from pika.adapters.select_connection import SelectConnection
from pika.exceptions import AMQPError

from gateway.bus.answers import Answer
from gateway.bus.calls import Call, Pending, Request, unavailable
from gateway.bus.connection import Connection
from gateway.bus.messages import REPLY_TO, Message, message_of, one_way
from gateway.config import Config
from services.chassis.access.context import Context, check_answer, to_json
from services.chassis.errors import Failure, Invalid, Unauthenticated

log = logging.getLogger(__name__)

EXCHANGE = "nameko-rpc"
BACK_OFF_SECONDS = (0.1, 0.3, 1.0, 2.0)
# How long a request waits for a connection that is not there, and how often calls past their deadline are looked for.
CONNECT_SECONDS = 0.5
SWEEP_SECONDS = 0.5


class Bus:
    """Multiplexes calls over one channel. `_channel` changes under `_lock` only."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._pending = Pending(config.threads)
        self._lock = threading.Lock()
        self._connected = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None
        self._channel: Any = None
        self._outgoing = deque[Message]()
        self._woken = False
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
        """The answer; raises the Failure it names, or Unavailable("<service>_unavailable")."""
        with self.gather(context, Request(service, method, data, command)) as (call,):
            return call.result()

    def relay(self, service: str, method: str, data: dict[str, Any], context: Context, command: bool = False) -> Answer:
        """The same, as bytes to pass on."""
        with self.gather(context, Request(service, method, data, command)) as (call,):
            return call.answer()

    def call_secretly(self, service: str, method: str, data: dict[str, Any], context: Context) -> Any:
        """The answer to a command with a secret, as `call()`: request and reply are encrypted, and the broker does not
        write the request to its disk."""
        with self.gather(context, Request(service, method, data, secret=True)) as (call,):
            return call.result()

    @contextmanager
    def gather(self, context: Context, *requests: Request) -> Iterator[list[Call]]:
        """Sends all requests at once, under the deadline of `context`; yields the calls in the order of the requests.

        A call that could not be sent has failed: its `result()` raises Unavailable. When the block ends, in whatever
        way, all calls are cancelled: when a required call fails, the others are no longer awaited.
        """
        asker, text = object(), to_json(context)
        keys, forget = self._config.keys, self._pending.forget
        prepared = [message_of(request, text, keys, context.deadline, asker, forget) for request in requests]
        until = min(context.deadline, time.time() + CONNECT_SECONDS)
        try:
            self._submit([message for message, _ in prepared], until)
            yield [call for _, call in prepared]
        finally:
            for _, call in prepared:
                call.cancel()

    def send(self, service: str, method: str, data: dict[str, Any], context: Context) -> bool:
        """Hands a persistent one-way request to the I/O thread and returns; False when not connected now."""
        self._ensure_thread()
        return self._enter([one_way(service, method, data, to_json(context), self._config.keys)])

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

    def _submit(self, messages: list[Message], until: float) -> None:
        """Sends the messages. Their calls have failed where they could not be sent before `until` (seconds since the
        epoch)."""
        while self.connected(max(until - time.time(), 0)):
            if self._enter(messages):
                return
        for message in messages:
            message.fail()

    def _enter(self, messages: list[Message]) -> bool:
        """Adds their calls to the table and hands them to the I/O thread, which is woken once for all that is handed
        to it before it looks; False when the connection was just lost."""
        with self._lock:
            if self._channel is None or self._connection is None:
                return False
            self._outgoing.extend(message for message in messages if self._admit(message))
            if not self._woken:
                self._woken = True
                self._connection.ioloop.add_callback_threadsafe(self._send_all)
            return True

    def _admit(self, message: Message) -> bool:
        """Whether the call has a place in the table; else it has failed."""
        if message.call is None:
            return True
        try:
            self._pending.enter(message.call)
        except Failure as failure:
            message.call.fail(failure)
            return False
        return True

    # The methods from here on run in the I/O thread.

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
        connection = Connection(
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
        self._send_all()
        self._sweep(channel)

    def _sweep(self, channel: Any) -> None:
        """Fails the calls that `Pending.sweep` removes, every SWEEP_SECONDS while `channel` is in use."""
        if channel is not self._channel or self._connection is None:
            return
        for call in self._pending.sweep(time.time()):
            call.fail(unavailable(call.service))
        self._connection.ioloop.call_later(SWEEP_SECONDS, lambda: self._sweep(channel))

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

    def _send_all(self) -> None:
        """Sends all that was handed over, as one write. `_woken` first: what comes from now on wakes anew."""
        self._woken = False
        if self._channel is None or self._connection is None:
            return
        with self._connection.together():
            while self._outgoing:
                self._publish(self._outgoing.popleft())

    def _publish(self, message: Message) -> None:
        call, properties = message.call, message.properties
        if call is not None:
            remaining = call.deadline - time.time()
            if call not in self._pending or remaining <= 0:
                return  # given up before it was sent
            properties.expiration = str(max(int(remaining * 1000), 1))
        self._channel.basic_publish(EXCHANGE, message.routing_key, message.body, properties, mandatory=call is not None)

    def _on_return(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        """The broker returned the request: it has no queue of that name, so the service never ran here."""
        call = self._pending.answered(properties.correlation_id)
        if call is not None:
            call.fail(unavailable(call.service))

    def _on_reply(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        call = self._pending.waiting(properties.correlation_id)
        if call is None:
            return
        try:
            check_answer(call.service, properties.headers or {}, call.request_headers, body, self._config.keys)
        except Unauthenticated:  # not from this service, whose own reply may still come
            log.warning("reply refused", extra={"service": call.service})
            return
        self._pending.answered(call.id)
        call.settle(self._decrypted(call, body))

    def _decrypted(self, call: Call, body: bytes) -> bytes:
        """The reply's body, decrypted where the call is secret; empty where it cannot be decrypted."""
        try:
            return self._config.keys.decrypt(call.service, body) if call.secret else body
        except Invalid:
            return b""

    def _lose(self) -> None:
        """Fails all pending calls: their replies were on their way to a queue that is gone."""
        with self._lock:
            self._connected.clear()
            self._channel = None
            self._woken = False
            # those that nobody waits for leave with the next connection
            self._outgoing = deque(message for message in self._outgoing if message.call is None)
            lost = self._pending.clear()
        for call in lost:
            call.fail(unavailable(call.service))
