"""The decorators of use cases: `@command`, `@query` and `@subscribe`.

Failures become answers in requests.py, and retries or parked messages in subscriptions.py; they are caught nowhere
else.
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
from services.chassis.handling.requests import Method, RpcSpec, answer_request
from services.chassis.handling.subscriptions import Concerns, SubscriberSpec, receive
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
    unnarrowed: tuple[str, ...] = (),
    secret: bool = False,
    before_transaction: Method | None = None,
    not_compared: tuple[str, ...] = (),
    fresh: bool = False,
    once: bool = True,
) -> Callable[[Method], Method]:
    """Makes a command of a function `(tx, data)`: it runs as one transaction (unit_of_work.run_command).

    `takes`, `gives`: the schemas of input and answer; `needs`: the permission that the caller must have.
    `section`, `unnarrowed`: the section of a person's page that the caller must see, and the kinds of scope by which
    the caller's role must not be narrowed (sections.refuse).
    `secret`: input or answer contains a secret, so both are encrypted on the bus, and no answer is stored.
    `not_compared`, `before_transaction`: see unit_of_work.Options.
    `fresh`: the effect outlives the caller's token (access, erasure, a file of everything), so the caller's membership
    and permissions are read again in the transaction (Session.confirm_actor).
    `once=False` is for a single write that may be repeated (rows by ids that the caller made): no transaction, no
    event, no stored answer.
    """
    run = partial(run_command, options=Options(secret, not_compared, before_transaction)) if once else run_query
    return partial(_rpc, spec=RpcSpec(run, True, takes, gives, needs, section, unnarrowed, fresh, secret))


def query(
    *,
    takes: type[Schema],
    gives: type[Schema],
    needs: str,
    section: Section = None,
    unnarrowed: tuple[str, ...] = (),
    fresh: bool = False,
) -> Callable[[Method], Method]:
    """Makes a query of a function `(session, data)`, which only reads; the parameters are those of `command`."""
    return partial(_rpc, spec=RpcSpec(run_query, False, takes, gives, needs, section, unnarrowed, fresh))


def subscribe(
    source: str,
    event: str,
    *,
    takes: type[Schema],
    once: bool = True,
    concerns: Concerns | None = None,
    minor: bool = True,
) -> Callable[[Method], Method]:
    """Makes a subscriber of a function `(tx, event)`: its effect happens once for each event (subscriptions.receive).

    `takes`: the schema of the event's data, with the fields that the function reads.
    `once=False` is for an effect that may be repeated (a replica stored by sequence; work whose id follows from the
    event): no transaction, no inbox.
    `concerns(session, event)` reads, before the transaction, whether there is anything to do. If not, no transaction
    begins, and the inbox does not keep the event.
    `minor=False`: the source's minor events do not arrive (schemas.Event).
    The function must be called `on_<source>_<event>`, since the queue is named after it.
    """

    def decorate(method: Method) -> Method:
        if method.__name__ != f"on_{source}_{event}":
            raise TypeError(f"{method.__name__} must be called on_{source}_{event}")

        spec = SubscriberSpec(method, takes, f"{source}.{event}", once, concerns)

        @wraps(method)
        def handle(service: Any, message: Any) -> bool:
            started = time.monotonic()
            outcome = receive(service, spec, message)
            _measure(method.__name__, outcome, started)
            return outcome != "returned"

        handle.chassis_subscriber = spec  # type: ignore[attr-defined]
        register_entrypoint(handle, EventEntrypoint(source, event, minor))
        return handle

    return decorate


def subscriptions_of(service: type[Any]) -> Iterator[topology.Subscription]:
    """The events that the service subscribes to."""
    for _, method in inspect.getmembers(service, inspect.isfunction):
        for entrypoint in getattr(method, "nameko_entrypoints", ()):
            if isinstance(entrypoint, EventEntrypoint):
                yield entrypoint.subscription(service.name)


def _rpc(method: Method, *, spec: RpcSpec) -> Method:
    @wraps(method)
    def handle(service: Any, message: Any) -> Answer:
        started = time.monotonic()
        with tracing.span(method.__name__, tracing.SERVER, (message.headers or {}).get(tracing.HEADER)):
            answer = answer_request(service, method, spec, message)
        _measure(method.__name__, answer.failure.kind if answer.failure else "ok", started)
        return answer

    handle.chassis_rpc = spec  # type: ignore[attr-defined]
    register_entrypoint(handle, RpcEntrypoint())
    return handle


def _measure(method: str, outcome: str, started: float) -> None:
    count, seconds = _metrics_of(method, outcome)
    count.inc()
    seconds.observe(time.monotonic() - started)


@cache
def _metrics_of(method: str, outcome: str) -> tuple[Any, Any]:
    """Looked up once: a process has few methods, of few outcomes."""
    return metrics.HANDLED.labels(method, outcome), metrics.SECONDS.labels(method)
