"""The three decorators: `@command`, `@query`, `@subscribe`; and no fourth.

Here, and nowhere else in a service, failures are caught and become answers, retries or parked messages.
"""

from __future__ import annotations

import inspect
import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial, wraps
from typing import Any

import eventlet
from marshmallow import Schema
from nameko.extensions import Entrypoint, register_entrypoint
from pymongo.errors import PyMongoError

from services.chassis.access import sections
from services.chassis.access.context import unseal
from services.chassis.access.keyring import GATEWAY
from services.chassis.access.sections import Section
from services.chassis.errors import Failure, Invalid
from services.chassis.handling.session import Session
from services.chassis.handling.subscriptions import receive
from services.chassis.handling.unit_of_work import Options, run_command, run_query
from services.chassis.messaging import topology
from services.chassis.messaging.answers import Answer, answer_of, defect
from services.chassis.messaging.delivery import Consumer, RpcQueue, body_of, reply
from services.chassis.observability import logs, metrics
from services.chassis.schemas import instance, load
from services.chassis.storage.database import as_failure

log = logging.getLogger(__name__)

Method = Callable[..., Any]


@dataclass(frozen=True)
class Promise:
    """The schemas, the permission and the kind of an entrypoint; `run` is one of handling/unit_of_work.py.

    `section` and `whole`: sections.refuse. `fresh` and `secret`: see `command`.
    """

    run: Callable[..., Any]
    is_command: bool
    takes: type[Schema]
    gives: type[Schema]
    needs: str
    section: Section
    whole: tuple[str, ...]
    fresh: bool = False
    secret: bool = False

    @property
    def unit(self) -> Callable[..., Any]:
        """`run`, with the check of the actor's present access if the entrypoint is `fresh`."""
        return partial(self.run, confirms=self._confirm) if self.fresh else self.run

    def _confirm(self, session: Session) -> None:
        session.confirm_actor(self.needs)
        sections.refuse(session.actor.sight, self.section, self.whole)


class RpcEntrypoint(Entrypoint):
    """A method that answers requests."""

    rpc_queue = RpcQueue()

    def setup(self) -> None:
        self.rpc_queue.register_provider(self)

    def stop(self) -> None:
        self.rpc_queue.unregister_provider(self)

    def handle_message(self, message: Any) -> None:
        self.container.spawn_worker(self, (message,), {}, handle_result=partial(self._answer, message))

    def _answer(self, message: Any, worker: Any, outcome: Any, exc_info: Any) -> tuple[Any, Any]:
        """Answers a request. It raises nothing: an exception here ends the process, and, when the request is delivered
        again, the next one."""
        try:
            answer = (
                outcome
                if exc_info is None
                else answer_of(self.method_name, None, defect(self.method_name, exc_info[1]))
            )
            if answer.failure is not None and answer.failure.retryable and not message.properties.get("reply_to"):
                # one-way: nobody would ask again
                eventlet.spawn_after(1, _give_back, message)
                return None, None
            reply(message, answer.body, self.container.config["vinculo"].keys)
        except Exception as error:
            defect(self.method_name, error)
        self.rpc_queue.consumer.ack_message(message)
        return None, None


class EventEntrypoint(Entrypoint):
    """A method that hears one event of one other service."""

    consumer = Consumer()

    def __init__(self, source: str, event: str) -> None:
        super().__init__()
        self.source, self.event = source, event
        self.queue: Any = None

    def setup(self) -> None:
        subscription = topology.Subscription(self.source, self.event, self.container.service_name)
        self.queue = topology.event_queue(subscription)
        self.consumer.register_provider(self)

    def stop(self) -> None:
        self.consumer.stopping = True
        self.consumer.unregister_provider(self)

    def handle_message(self, message: Any) -> None:
        self.container.spawn_worker(self, (message,), {}, handle_result=partial(self._settle, message))

    def _settle(self, message: Any, worker: Any, settled: Any, exc_info: Any) -> tuple[Any, Any]:
        """Acknowledges the event when its effect, its retry or its parked copy is stored; else the broker keeps it."""
        if exc_info is None and settled:
            self.consumer.ack_message(message)
        else:
            eventlet.spawn_after(1, _give_back, message)
        return None, None


def command(
    *,
    takes: type[Schema],
    gives: type[Schema],
    needs: str,
    section: Section = None,
    whole: tuple[str, ...] = (),
    secret: bool = False,
    before_transaction: Method | None = None,
    not_compared: tuple[str, ...] = (),
    fresh: bool = False,
) -> Callable[[Method], Method]:
    """A function `(tx, data)` that runs as one transaction and answers `gives`; see unit_of_work.run_command, and its
    Options for `secret`, `not_compared` and `before_transaction`.

    `section`, and `whole`, which kinds of scopes it can't be narrowed by: sections.refuse.
    `secret`: its input or answer holds one, so both are encrypted on the bus, and no idempotency key keeps anything.
    `fresh`: what it does outlives the caller's token (access, erasure, a file of everything), so the caller's
    membership and permissions are read again in its transaction; see Session.confirm_actor.
    """
    run = partial(run_command, options=Options(secret, not_compared, before_transaction))
    return partial(_rpc, promise=Promise(run, True, takes, gives, needs, section, whole, fresh, secret))


def query(
    *,
    takes: type[Schema],
    gives: type[Schema],
    needs: str,
    section: Section = None,
    whole: tuple[str, ...] = (),
    fresh: bool = False,
) -> Callable[[Method], Method]:
    """A function `(session, data)` that reads and answers `gives`; `section`, `whole` and `fresh` as of a command."""
    return partial(_rpc, promise=Promise(run_query, False, takes, gives, needs, section, whole, fresh))


def subscribe(source: str, event: str, *, takes: type[Schema], once: bool = True) -> Callable[[Method], Method]:
    """A function `(tx, event)` whose effect happens once an event; see subscriptions.receive.

    `once=False` is for an effect that may be repeated (a copy kept by sequence): no transaction, no inbox.
    The function must be called `on_<source>_<event>`: the queue bears its name.
    """

    def decorate(method: Method) -> Method:
        if method.__name__ != f"on_{source}_{event}":
            raise TypeError(f"{method.__name__} must be called on_{source}_{event}")

        @wraps(method)
        def handle(service: Any, message: Any) -> bool:
            started = time.monotonic()
            outcome = receive(service, method, takes, f"{source}.{event}", once, message)
            _measure(method.__name__, outcome, started)
            return outcome != "returned"

        register_entrypoint(handle, EventEntrypoint(source, event))
        return handle

    return decorate


def subscriptions_of(service: type[Any]) -> Iterator[topology.Subscription]:
    """The events that a service's methods hear."""
    for _, method in inspect.getmembers(service, inspect.isfunction):
        for entrypoint in getattr(method, "nameko_entrypoints", ()):
            if isinstance(entrypoint, EventEntrypoint):
                yield topology.Subscription(entrypoint.source, entrypoint.event, service.name)


def _rpc(method: Method, *, promise: Promise) -> Method:
    @wraps(method)
    def handle(service: Any, message: Any) -> Answer:
        started = time.monotonic()
        answer = _guarded(service, method, promise, message)
        if promise.secret:
            answer = replace(answer, body=service.runtime.config.keys.close(GATEWAY, answer.body))
        _measure(method.__name__, answer.failure.kind if answer.failure else "ok", started)
        return answer

    handle.chassis_promise = promise  # type: ignore[attr-defined]
    register_entrypoint(handle, RpcEntrypoint())
    return handle


def _guarded(service: Any, method: Method, promise: Promise, message: Any) -> Answer:
    """Verifies the context, checks deadline, permission and input, and runs; every failure becomes an answer."""
    name = method.__name__
    try:
        body, keys = body_of(message), service.runtime.config.keys
        arguments = _arguments(service, message, keys.open(GATEWAY, body) if promise.secret else body)
        routing_key = message.delivery_info["routing_key"]
        context = unseal(message.headers or {}, routing_key, body, keys)
        logs.request_id.set(context.request_id)
        context.require_time()
        context.require(promise.needs)
        sections.refuse(context.sight, promise.section, promise.whole)
        data = load(promise.takes, arguments)
        sections.refuse_given(context.sight, instance(promise.takes), data)
        work = partial(promise.unit, service, context, method, data, promise.gives)
        return answer_of(name, service.runtime.patience.run(work, context.deadline))
    except Failure as failure:
        return answer_of(name, None, failure)
    except PyMongoError as error:
        failure_or_error = as_failure(error)
        if isinstance(failure_or_error, Failure):
            return answer_of(name, None, failure_or_error)
        return answer_of(name, None, defect(name, error))
    except Exception as error:
        return answer_of(name, None, defect(name, error))


def _arguments(service: Any, message: Any, body: bytes) -> dict[str, Any]:
    """The request's keyword arguments. An unreadable request is parked as it came, and refused."""
    try:
        if message.content_type != "application/json":
            raise ValueError("content type")
        kwargs = json.loads(body)["kwargs"]
        if not isinstance(kwargs, dict):
            raise ValueError("kwargs")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        service.runtime.park(message, body_of(message), "message_unreadable")
        raise Invalid("message_unreadable", "A mensagem não pôde ser lida.") from error
    return kwargs


def _measure(method: str, outcome: str, started: float) -> None:
    metrics.HANDLED.labels(method, outcome).inc()
    metrics.SECONDS.labels(method).observe(time.monotonic() - started)


def _give_back(message: Any) -> None:
    try:
        message.reject(requeue=True)
    except Exception:  # the connection is gone, and the message is back already
        log.info("message returned with the connection")
