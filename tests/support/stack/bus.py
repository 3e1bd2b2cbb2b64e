"""A caller on the bus, as the gateway is one: signed requests, replies by direct reply-to, and nothing of ours inside.

Used where a test has to send what the gateway never would.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pika
from pika.exceptions import AMQPError

from services.chassis.access.context import INSTALLATION, Context, check_answer, seal
from services.people.access import model as access_model
from services.people.access.model import OWN
from tests.support.stack.wire_keys import WireKeys

# Of every role, of the gateway itself, and of the probe.
PERMISSIONS = (
    *access_model.PERMISSIONS, OWN, "people.record_look", "installation.sign_in", "quote_link.read",
    "quote_link.answer", "mailing_link.read", "mailing_link.answer", "whatsapp.callback", "probe.read", "probe.write",
)  # fmt: skip
# Encrypted both ways; of those, what the tests ask on the bare bus.
SECRET = ("sign_in",)
DIRECT_REPLY = "amq.rabbitmq.reply-to"


class NoAnswer(Exception):
    """The broker is gone or the deadline is over; the request may have been executed."""


@dataclass
class Caller:
    """For whom requests are made: a user who is nowhere, unless a test makes one (chaos/rig.py)."""

    company: str = "c1"
    user: str = "u1"
    session: str | None = None


class Bus:
    """One connection, for one thread; connects again after a failure."""

    def __init__(self, uri: str, keys: WireKeys, caller: Caller | None = None) -> None:
        self.caller = caller or Caller()
        self._parameters = pika.URLParameters(uri)
        self._parameters.heartbeat = 10
        self._parameters.socket_timeout = self._parameters.stack_timeout = 3
        self.keys = keys
        self.ring = keys.ring()
        self._connection: Any = None
        self._channel: Any = None
        self._answers: dict[str, tuple[Mapping[str, Any], bytes]] = {}
        self.errors = 0

    def call(
        self,
        service: str,
        method: str,
        data: dict[str, Any],
        key: str | None = None,
        company: str | None = None,
        seconds: float = 5,
    ) -> dict[str, Any]:
        """{"result", "error"}; raises NoAnswer at the deadline."""
        company = INSTALLATION if method == "sign_in" else company or self.caller.company
        context = Context(
            company, self.caller.user, "Ana", PERMISSIONS, uuid.uuid4().hex, time.time() + seconds, key,
            session=self.caller.session,
        )  # fmt: skip
        body = json.dumps({"args": [], "kwargs": data}).encode()
        routing_key, correlation = f"{service}.{method}", uuid.uuid4().hex
        body = self.ring.encrypt(service, body) if method in SECRET else body
        headers = seal(context, routing_key, body, self.ring)
        properties = pika.BasicProperties(
            content_type="application/json",
            correlation_id=correlation,
            reply_to=DIRECT_REPLY,
            expiration=str(int(seconds * 1000)),
            headers=headers,
        )
        try:
            self.publish("nameko-rpc", routing_key, body, properties)
            return self.answer(service, correlation, headers, context.deadline)
        except (AMQPError, OSError) as error:
            self.close()
            raise NoAnswer(type(error).__name__) from error

    def result(self, service: str, method: str, data: dict[str, Any], **options: Any) -> Any:
        answer = self.call(service, method, data, **options)
        assert answer["error"] is None, answer["error"]
        return answer["result"]

    def insist(
        self, service: str, method: str, data: dict[str, Any], key: str, within: float = 90, seconds: float = 5
    ) -> Any:
        """The result, asked for with the same key until it comes; counts the failed tries in `errors`."""
        limit = time.monotonic() + within
        while True:
            try:
                return self.result(service, method, data, key=key, seconds=seconds)
            except (NoAnswer, AssertionError) as error:
                self.errors += 1
                if time.monotonic() > limit:
                    raise AssertionError(f"{service}.{method} {key}: no success in {within} s") from error
                time.sleep(0.1)

    def publish(self, exchange: str, routing_key: str, body: bytes, properties: pika.BasicProperties) -> None:
        """Confirmed and mandatory."""
        channel = self._open()
        channel.basic_publish(exchange, routing_key, body, properties, mandatory=True)

    def announce(self, source: str, name: str, envelope: dict[str, Any]) -> None:
        """An event, signed as its source would."""
        body = json.dumps(envelope).encode()
        headers = {"vinculo-signature": self.keys.ring(source).sign(f"{source}.{name}".encode(), body)}
        properties = pika.BasicProperties(content_type="application/json", headers=headers, delivery_mode=2)
        self.publish(f"{source}.events", name, body, properties)

    def take_all(self, queue: str) -> list[tuple[Any, bytes]]:
        """Removes and returns what waits in a queue: (properties, body)."""
        channel = self._open()
        found: list[tuple[Any, bytes]] = []
        while True:
            method, properties, body = channel.basic_get(queue, auto_ack=True)
            if method is None:
                return found
            found.append((properties, body))

    def do(self, work: Callable[[Any], Any]) -> Any:
        """Something on the raw channel."""
        return work(self._open())

    def close(self) -> None:
        connection, self._connection = self._connection, None
        try:
            if connection is not None and connection.is_open:
                connection.close()
        except (AMQPError, OSError):
            pass

    def _open(self) -> Any:
        if self._connection is None or not self._connection.is_open or not self._channel.is_open:
            self._answers.clear()
            self._connection = pika.BlockingConnection(self._parameters)
            self._channel = self._connection.channel()
            self._channel.confirm_delivery()
            self._channel.basic_consume(DIRECT_REPLY, self._on_answer, auto_ack=True)
        return self._channel

    def _on_answer(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        self._answers[properties.correlation_id] = (properties.headers or {}, body)

    def answer(self, service: str, correlation: str, asked: Mapping[str, Any], deadline: float) -> dict[str, Any]:
        """The service's own, to the request with the headers `asked`; raises NoAnswer at the deadline."""
        while correlation not in self._answers:
            left = deadline - time.time()
            if left <= 0:
                raise NoAnswer("deadline")
            self._connection.process_data_events(time_limit=min(left, 0.5))
        headers, body = self._answers.pop(correlation)
        check_answer(service, headers, asked, body, self.ring)
        said: dict[str, Any] = json.loads(body if body.startswith(b"{") else self.ring.decrypt(service, body))
        return said
