"""The whole system in the process of the tests: the gateway's application, the five services and a real database.

There is no broker, and no other process but the database: a request goes from the gateway's bus client to the
service's handler and back, sealed and checked as on the wire, and what a command announces has reached every
subscriber when it is answered. So a test of what the services do together waits for nothing.

It is for rules. What a broker, a process that dies, mail or many at once change is tested on `System`.
"""

from __future__ import annotations

import contextlib
import io
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any
from unittest import mock
from wsgiref.types import WSGIApplication

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import get_input_stream

from deploy.operations.command import vinculo
from deploy.topology import SERVICES
from gateway import app as gateway_app
from gateway.bus.rpc import Bus
from gateway.config import Config
from services.chassis import config as configuration
from services.chassis.access.context import seal_answer
from services.chassis.access.keyring import GATEWAY
from services.chassis.handling.entrypoints import subscriptions_of
from services.chassis.jobs.leased import LeasedWork
from services.chassis.messaging.topology import MINOR
from services.chassis.process.runtime import Runtime
from services.chassis.process.service import Service
from tests.support import later
from tests.support.query_log import CommandLog, QueryLog, listening
from tests.support.stack import pauses
from tests.support.stack.system import System

EVENTS = ".events"
# What these jobs do reaches a mail server or the tax authority, and is tested on `System`.
LEFT_ALONE = ("deliveries", "mailboxes", "nfe_works", "nfe_correction_works", "nfe_voiding_works", "nfe_mail_works")
LOOK_SECONDS = 0.3
# Enough for who waits for the lock to get it.
TURN_SECONDS = 0.001


@dataclass(frozen=True)
class Handler:
    """One method of one service, as the consumer of its queue would call it."""

    service: Any
    name: str

    def __call__(self, body: bytes, headers: Mapping[str, Any], **properties: Any) -> Any:
        return getattr(self.service, self.name)(
            SimpleNamespace(
                body=body,
                headers=dict(headers),
                properties=properties,
                content_type="application/json",
                delivery_info={"routing_key": f"{self.service.name}.{self.name}"},
                origin_queue=f"{self.service.name}.{self.name}",
            )
        )


class HandToHand:
    """What stands for the broker: requests, events, retries and parked messages."""

    def __init__(self, services: Mapping[str, type[Service]], runtimes: Mapping[str, Runtime]) -> None:
        self.parked = list[str]()
        self._runtimes = runtimes
        self._handlers = dict[str, Handler]()
        self._subscribers = dict[str, list[Handler]]()
        self._waiting = deque[Callable[[], Any]]()
        self._lock = threading.RLock()
        for name, service in services.items():
            one = service()
            one.runtime = runtimes[name]
            for method in dir(service):
                self._handlers[f"{name}.{method}"] = Handler(one, method)
            for heard in subscriptions_of(service):
                reader = self._handlers[f"{name}.on_{heard.source}_{heard.event}"]
                for key in (heard.event, f"{heard.event}{MINOR}")[: 1 + heard.minor]:
                    self._subscribers.setdefault(f"{heard.source}{EVENTS} {key}", []).append(reader)

    def request(self, routing_key: str, body: bytes, headers: Mapping[str, Any], reply_to: str | None) -> bytes:
        """The answer's body; what was announced meanwhile has reached everybody."""
        with self._lock:
            answer = self._handlers[routing_key](body, headers, reply_to=reply_to)
            self.settle()
        return bytes(answer.body)

    def publish(self, exchange: str, routing_key: str, body: bytes, headers: Mapping[str, Any]) -> None:
        """As of messaging.publisher.Publisher."""
        if exchange.endswith(EVENTS):
            readers = self._subscribers.get(f"{exchange} {routing_key}", ())
        elif exchange:  # to be tried again
            readers = [self._handlers[routing_key]]
        else:
            self.parked.append(f"{routing_key}: {headers['vinculo-queue']} {headers['vinculo-reason']}")
            readers = ()
        self._waiting.extend(partial(reader, body, headers) for reader in readers)

    def depth(self, queue: str) -> int:
        return 0

    def close(self) -> None:
        """Nothing to close."""

    def settle(self) -> None:
        """Does the work that is pending, and delivers what is announced, until there is nothing more."""
        while self._work() or self._waiting:
            if self._waiting:
                self._waiting.popleft()()

    def look_for_work(self) -> None:
        """Finds what is due in the database, as the services do each second, and does it.

        A piece at a time, for whoever asks meanwhile has a deadline: of a merged person each service has one, and each
        asks the database hundreds of times.
        """
        for runtime in self._runtimes.values():
            for name, work in runtime.jobs.items():
                for document in self._due(work) if name not in LEFT_ALONE else ():
                    with self._lock:
                        work._run_one(document)
                        self.settle()
                    time.sleep(TURN_SECONDS)

    def _due(self, work: LeasedWork) -> list[Any]:
        with self._lock:
            work._claim_due()
            return [work._owned.get() for _ in range(work._owned.qsize())]

    def _work(self) -> bool:
        worked = False
        for runtime in self._runtimes.values():
            for name, work in runtime.jobs.items():
                while name not in LEFT_ALONE and work._owned.qsize():
                    work._run_one(work._owned.get())
                    worked = True
        return worked


class HandToHandBus(Bus):
    """The gateway's bus client, whose channel is a call."""

    def __init__(self, config: Config, hands: HandToHand, rings: Mapping[str, Any]) -> None:
        super().__init__(config)
        self._hands, self._rings = hands, rings
        loop = SimpleNamespace(add_callback_threadsafe=lambda call: call())
        self._connection = SimpleNamespace(ioloop=loop, together=contextlib.nullcontext)  # type: ignore[assignment]
        self._channel = self
        self._connected.set()

    def _ensure_thread(self) -> None:
        """None is needed."""

    def close(self) -> None:
        """Nothing to close."""

    def basic_publish(
        self, exchange: str, routing_key: str, body: bytes, properties: Any, mandatory: bool = False
    ) -> None:
        answer = self._hands.request(routing_key, body, properties.headers, properties.reply_to)
        if properties.reply_to:
            ring = self._rings[routing_key.partition(".")[0]]
            sealed = seal_answer(properties.headers, answer, ring)
            told = SimpleNamespace(correlation_id=properties.correlation_id, headers=sealed)
            self._on_reply(self, None, told, answer)


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """The application has its own log."""


def bounded(app: WSGIApplication) -> WSGIApplication:
    """Whose input ends where the body does, as gunicorn's."""
    return lambda environ, start: app({**environ, "wsgi.input": get_input_stream(environ)}, start)


class InProcessSystem(System):
    """`System` without its broker and its processes: same settings, same builders, same clients."""

    def start(self) -> System:
        mongo_uri = self.database.start()
        self.env = self.settings_of("amqp://nobody", mongo_uri)
        self._patches = contextlib.ExitStack()
        self._patches.enter_context(mock.patch.dict(os.environ, self.env, clear=True))
        # eventlet's native threads answer the one thread that first asked them
        self._patches.enter_context(mock.patch("eventlet.tpool.execute", lambda work, *given: work(*given)))
        self._patches.enter_context(pauses.shortened(pauses.IN_ONE_THREAD))
        for reading in later.readings():
            self._patches.enter_context(reading)
        recorded = self.settings.get("VINCULO_RECORD_QUERIES")
        # of the services' own clients, not of the tests'
        self._commands = CommandLog()
        with listening(self._commands, *([QueryLog(recorded)] if recorded else [])):
            runtimes = {service.name: self._runtime(service) for service in SERVICES}
        self._hands = HandToHand({service.name: service for service in SERVICES}, runtimes)
        for runtime in runtimes.values():
            runtime.publisher = runtime.relay._publisher = self._hands  # type: ignore[assignment]
            runtime.relay.delete_after_seconds = 0
            runtime._ensure_indexes()
        rings = {name: runtime.config.keys for name, runtime in runtimes.items()}
        bus = partial(HandToHandBus, hands=self._hands, rings=rings)
        self._patches.enter_context(mock.patch.object(gateway_app, "Bus", bus))
        self._patches.enter_context(mock.patch.dict(os.environ, self.keys.own(GATEWAY)))
        app = bounded(gateway_app.create_app())
        # one thread answers all: eventlet keeps a poller open for each that ever waited
        self._server = make_server("127.0.0.1", self.ports["gateway"], app, request_handler=Quiet)
        self._serving = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._serving.start()
        self._stopping = threading.Event()
        self._looking = threading.Thread(target=self._look_for_work, daemon=True)
        self._looking.start()
        self._make_companies()
        return self

    def _look_for_work(self) -> None:
        seconds = LOOK_SECONDS
        while not self._stopping.wait(seconds):
            began = time.monotonic()
            self._hands.look_for_work()
            # nobody is answered meanwhile: a tenth of the time, where the machine is slow
            seconds = min(max(LOOK_SECONDS, 9 * (time.monotonic() - began)), 1)

    def _runtime(self, service: type[Service]) -> Runtime:
        with mock.patch.dict(os.environ, self.keys.own(service.name)):
            config = configuration.from_environment(service.retentions)
        runtime = Runtime()
        runtime.container = SimpleNamespace(config={"vinculo": config}, service_cls=service)
        runtime.setup()
        return runtime

    def run(self, *arguments: str) -> str:
        """The operator's command line, here."""
        assert arguments[:2] == ("-m", "deploy.operations"), arguments
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            vinculo(list(arguments[2:]), standalone_mode=False)
        self._hands.look_for_work()
        return printed.getvalue()

    def commands_of(self, operation: Callable[[], object]) -> list[str]:
        """What a request asks of the databases, with all that follows it but the sending of mails."""
        with self._commands.on(self._serving.ident) as commands:
            operation()
        return commands

    @property
    def parked(self) -> list[str]:
        """The messages that nobody could handle."""
        return self._hands.parked

    def stop(self) -> None:
        self._stopping.set()
        self._looking.join()
        self._server.shutdown()
        self._patches.close()
        self.database.stop()
        self._engines.cleanup()
        self._logs.close()
