"""The three decorators: `@command`, `@query`, `@subscribe`; and no fourth.

Failures become answers, retries or parked messages in requests.py and subscriptions.py, and are caught nowhere else.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from functools import cache, partial, wraps
from typing import Any

from marshmallow import Schema
from nameko.extensions import register_entrypoint

from services.chassis.access.sections import Section
from services.chassis.handling.extensions import EventEntrypoint, RpcEntrypoint
from services.chassis.handling.requests import Method, Promise, answer_to
from services.chassis.handling.subscriptions import Concerns, Subscription, receive
from services.chassis.handling.unit_of_work import Options, run_command, run_query
from services.chassis.messaging import topology
from services.chassis.messaging.answers import Answer
from services.chassis.observability import metrics, tracing


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
    once: bool = True,
) -> Callable[[Method], Method]:
    """A function `(tx, data)` that runs as one transaction and answers `gives`; see unit_of_work.run_command, and its
    Options for `secret`, `not_compared` and `before_transaction`.

    `section`, and `whole`, which kinds of scopes it can't be narrowed by: sections.refuse.
    `secret`: its input or answer holds one, so both are encrypted on the bus, and no idempotency key keeps anything.
    `fresh`: what it does outlives the caller's token (access, erasure, a file of everything), so the caller's
    membership and permissions are read again in its transaction; see Session.confirm_actor.
    `once=False` is for a single write that may be repeated (rows by ids that the caller made): no transaction, no
    event, no answer kept.
    """
    run = partial(run_command, options=Options(secret, not_compared, before_transaction)) if once else run_query
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


def subscribe(
    source: str, event: str, *, takes: type[Schema], once: bool = True, concerns: Concerns | None = None
) -> Callable[[Method], Method]:
    """A function `(tx, event)` whose effect happens once an event; see subscriptions.receive.

    `once=False` is for an effect that may be repeated (a copy kept by sequence; work whose id follows from the event):
    no transaction, no inbox. `concerns(session, event)` reads, outside of the transaction, whether there is anything to
    do: else none is begun, and the event is not kept.
    The function must be called `on_<source>_<event>`: the queue bears its name.
    """

    def decorate(method: Method) -> Method:
        if method.__name__ != f"on_{source}_{event}":
            raise TypeError(f"{method.__name__} must be called on_{source}_{event}")

        heard = Subscription(method, takes, f"{source}.{event}", once, concerns)

        @wraps(method)
        def handle(service: Any, message: Any) -> bool:
            started = time.monotonic()
            outcome = receive(service, heard, message)
            _measure(method.__name__, outcome, started)
            return outcome != "returned"

        handle.chassis_subscription = heard  # type: ignore[attr-defined]
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
        with tracing.span(method.__name__, tracing.SERVER, (message.headers or {}).get(tracing.HEADER)):
            answer = answer_to(service, method, promise, message)
        _measure(method.__name__, answer.failure.kind if answer.failure else "ok", started)
        return answer

    handle.chassis_promise = promise  # type: ignore[attr-defined]
    register_entrypoint(handle, RpcEntrypoint())
    return handle


def _measure(method: str, outcome: str, started: float) -> None:
    handled, seconds = _figures(method, outcome)
    handled.inc()
    seconds.observe(time.monotonic() - started)


@cache
def _figures(method: str, outcome: str) -> tuple[Any, Any]:
    """Found once: a process has few methods, of few outcomes."""
    return metrics.HANDLED.labels(method, outcome), metrics.SECONDS.labels(method)
