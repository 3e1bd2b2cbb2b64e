"""RPC echo calls a second: the chassis against a bare pika echo and against stock nameko, in turns."""

from __future__ import annotations

import json
import statistics
import time
import uuid
from dataclasses import dataclass
from typing import Any

import pika

from services.chassis.access.context import Context, check_answer, seal
from services.chassis.access.keyring import Keyring

DIRECT_REPLY = "amq.rabbitmq.reply-to"
ROUNDS = 5
SECONDS = 1.5
IN_FLIGHT = 32


@dataclass
class Target:
    """Who is called; `stock` replies through nameko's exchange, the others to the default one; ours `tags`."""

    name: str
    service: str
    stock: bool = False
    tags: bool = False


TARGETS = (
    Target("bare pika", "bare"),
    Target("chassis", "echo", tags=True),
    Target("stock nameko", "stock", stock=True),
)


class Caller:
    """One pika client for all three targets."""

    def __init__(self, uri: str, keys: Keyring) -> None:
        self._keys = keys
        self._connection = pika.BlockingConnection(pika.URLParameters(uri))
        self._channel = self._connection.channel()
        self._stock_reply = uuid.uuid4().hex
        queue = self._channel.queue_declare("", exclusive=True).method.queue
        self._channel.queue_bind(queue, "nameko-rpc", self._stock_reply)
        self._channel.basic_consume(queue, self._on_reply, auto_ack=True)
        self._channel.basic_consume(DIRECT_REPLY, self._on_reply, auto_ack=True)
        self.answered = 0
        # the headers of the requests whose answers are checked, as the gateway does
        self._asked: dict[str, dict[str, str]] = {}

    def _on_reply(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        asked = self._asked.pop(properties.correlation_id, None)
        if asked is not None:
            check_answer("echo", properties.headers, asked, body, self._keys)
        if b'"error"' in body and json.loads(body).get("error"):
            raise RuntimeError("an echo answered an error")
        self.answered += 1

    def send(self, target: Target) -> None:
        body = json.dumps({"args": [], "kwargs": {"words": "bom dia"}}).encode()
        key = f"{target.service}.say"
        context = Context("c1", "u1", "Ana", ("people.read",), uuid.uuid4().hex, time.time() + 10)
        headers, correlation = seal(context, key, body, self._keys), uuid.uuid4().hex
        if target.tags:
            self._asked[correlation] = headers
        properties = pika.BasicProperties(
            content_type="application/json",
            correlation_id=correlation,
            reply_to=self._stock_reply if target.stock else DIRECT_REPLY,
            headers=headers,
            delivery_mode=1,
        )
        self._channel.basic_publish("nameko-rpc", key, body, properties)

    def rate(self, target: Target, in_flight: int, seconds: float) -> float:
        """Calls a second with this many in flight."""
        self.answered = sent = 0
        started = time.perf_counter()
        end = started + seconds
        while time.perf_counter() < end:
            while sent - self.answered < in_flight:
                self.send(target)
                sent += 1
            self._connection.process_data_events(time_limit=0.2)
        rate = self.answered / (time.perf_counter() - started)
        while self.answered < sent:
            self._connection.process_data_events(time_limit=0.2)
        return rate


def measure(uri: str, keys: Keyring) -> dict[str, dict[str, float]]:
    """Medians by target: calls/s one at a time and with 32 in flight; the rounds go A B C A B C."""
    caller = Caller(uri, keys)
    rates: dict[str, dict[str, list[float]]] = {t.name: {"sequential": [], "pipelined": []} for t in TARGETS}
    for target in TARGETS:
        caller.rate(target, IN_FLIGHT, 0.5)
    for _ in range(ROUNDS):
        for kind, in_flight in (("sequential", 1), ("pipelined", IN_FLIGHT)):
            for target in TARGETS:
                rates[target.name][kind].append(caller.rate(target, in_flight, SECONDS))
    return {name: {kind: statistics.median(r) for kind, r in kinds.items()} for name, kinds in rates.items()}
