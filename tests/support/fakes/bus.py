"""The gateway's bus without a broker: what each service answers is a table, and a service may be silent."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, cast

from gateway.bus.rpc import Bus
from gateway.config import Config
from services.chassis.access.context import seal_answer
from services.chassis.access.keyring import GATEWAY
from services.chassis.errors import Failure
from services.chassis.messaging.answers import answer_of
from tests.support.stack.wire_keys import WireKeys

KEYS = WireKeys()
CONFIG = Config(
    amqp_uri="amqp://guest:guest@127.0.0.1:1/",
    keys=KEYS.ring(),
    jwt_key="j" * 32,
    rpc_seconds=0.2,
    view_seconds=0.2,
    token_seconds=3600,
    heartbeat=10,
)


class Wire:
    """Stands where pika's connection and channel are. `answers`: by "service.method" a result, or the Failure.

    A service among `silent` takes a request and says nothing; one among `absent` has no queue.
    """

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.silent: set[str] = set()
        self.absent: set[str] = set()
        self.asked: list[str] = []
        # what was encrypted is answered so; the bodies as they were on the bus
        self.secret: set[str] = set()
        self.bodies: list[bytes] = []
        # who answers with whose name
        self.speaks_for: dict[str, str] = {}
        self.replies: list[tuple[Any, bytes]] = []
        self.ioloop = SimpleNamespace(add_callback_threadsafe=lambda callback: callback())
        self.together = nullcontext
        self.bus: Any = None

    def basic_publish(self, exchange: str, routing_key: str, body: bytes, properties: Any, mandatory: bool) -> None:
        service = routing_key.split(".")[0]
        self.asked.append(routing_key)
        self.bodies.append(body)
        if service in self.absent:
            self.bus._on_return(self, None, properties, b"")
        elif service not in self.silent and properties.reply_to:
            self._reply(routing_key, properties)

    def again(self) -> None:
        """Replies to the last request once more, as its service does now."""
        self._reply(*self._last)

    def _reply(self, routing_key: str, properties: Any) -> None:
        service = routing_key.split(".")[0]
        self._last = (routing_key, properties)
        said = self.answers[routing_key]
        given = (None, said) if isinstance(said, Failure) else (said, None)
        answer = answer_of(routing_key, *given).body
        keys = KEYS.ring(self.speaks_for.get(service, service))
        answer = keys.encrypt(GATEWAY, answer) if routing_key in self.secret else answer
        headers = seal_answer(properties.headers, answer, keys)
        replied = SimpleNamespace(correlation_id=properties.correlation_id, headers=headers)
        self.replies.append((replied, answer))
        self.bus._on_reply(self, None, replied, answer)


def bus_on(wire: Wire, config: Config = CONFIG) -> Bus:
    """A bus that is connected to `wire`; its calls travel when they are made, in the caller's thread."""
    bus = Bus(config)
    inside = cast(Any, bus)
    inside._thread = threading.main_thread()
    inside._connection = inside._channel = wire
    inside._connected.set()
    _unlocked(inside, wire)
    wire.bus = bus
    return bus


def _unlocked(bus: Any, wire: Wire) -> None:
    """The replies come inside `_enter`, which holds the bus's lock: a real I/O thread waits until it is free."""
    held: list[Callable[[], None]] = []
    wire.ioloop.add_callback_threadsafe = held.append
    enter = bus._enter

    def entered(*arguments: Any) -> Any:
        done = enter(*arguments)
        while held:
            held.pop(0)()
        return done

    bus._enter = entered
