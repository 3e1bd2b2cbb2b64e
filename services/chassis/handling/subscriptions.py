"""Receives an event: runs its subscriber once (inbox), retries failures with growing delays, then parks the event.

While the infrastructure fails (a database is down), the event is retried at the delay reached so far, without an end.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pymongo
from marshmallow import Schema, ValidationError, fields
from pymongo.errors import DuplicateKeyError, PyMongoError

from services.chassis.access.context import SIGNATURE_HEADER
from services.chassis.errors import Failure, Invalid, Unauthenticated, Unavailable
from services.chassis.handling.session import Actor, Session
from services.chassis.inputs import Moment, Verbatim, Whole
from services.chassis.messaging.delivery import body_of
from services.chassis.messaging.redelivery import attempt_of
from services.chassis.observability import logs, metrics, tracing
from services.chassis.schemas import EventData, instance, load
from services.chassis.storage.database import as_failure
from services.chassis.storage.indexes import SystemIndex

log = logging.getLogger(__name__)

INBOX = "inbox"
INBOX_SECONDS = 30 * 86_400
INBOX_INDEX = SystemIndex(INBOX, [("at", 1)], expire_after=INBOX_SECONDS)
TRANSACTION_SECONDS = 10.0
# The limit of an id or a name in an envelope; ours are far shorter.
MOST_CHARACTERS = 500


@dataclass(frozen=True)
class ReceivedEvent:
    """An event as its handler sees it; `sequence` is the aggregate's version, `at` UTC."""

    id: str
    company: str
    aggregate: str
    sequence: int
    at: dt.datetime
    data: dict[str, Any]
    trace: str | None = None


Concerns = Callable[[Any, ReceivedEvent], bool]


def _text(minimum: int = 1) -> Verbatim:
    return Verbatim(MOST_CHARACTERS, trimmed=False, required=True, minimum=minimum)


class EventActor(EventData):
    id = _text()
    name = _text(minimum=0)


class Envelope(EventData):
    """The fields of every event beside its data (Session.publish). Its source has signed it; it is read with bounds all
    the same, since a replica would keep a sequence beyond them as newer than every later event."""

    id = _text()
    company = _text()
    aggregate = _text()
    sequence = Whole(required=True)
    at = Moment(required=True)
    actor = fields.Nested(EventActor, required=True)
    cause = _text(minimum=0)
    trace = Verbatim(MOST_CHARACTERS, minimum=0, load_default=None, allow_none=True)
    data = fields.Raw(required=True)


@dataclass(frozen=True)
class SubscriberSpec:
    """What the decorator `subscribe` declares: `method(tx, event)` handles the event `name`
    ("attendance.entry_recorded"), whose data it reads by the schema `takes`.

    entrypoints.subscribe explains `once` and `concerns`.
    """

    method: Callable[..., Any]
    takes: type[Schema]
    name: str
    once: bool
    concerns: Concerns | None = None


def receive(service: Any, spec: SubscriberSpec, message: Any) -> str:
    """Returns the outcome: "ok", "retried" or "parked"; "returned" where the retry or the parked copy could not be
    stored, so that the broker has to keep the message."""
    body = body_of(message)
    try:
        try:
            _handle(service.runtime, spec, body, message)
            return "ok"
        except (Failure, PyMongoError) as error:
            failure = as_failure(error) if isinstance(error, PyMongoError) else error
            return _retry_or_park(service, spec.method.__name__, message, body, failure)
        except Exception as error:
            return _retry_or_park(service, spec.method.__name__, message, body, error)
    except Unavailable:
        return "returned"


def _handle(runtime: Any, spec: SubscriberSpec, body: bytes, message: Any) -> None:
    source, _, _ = spec.name.partition(".")
    runtime.config.keys.verify(source, (message.headers or {}).get(SIGNATURE_HEADER), spec.name.encode(), body)
    event, actor, cause = read_event(spec.takes, body)
    logs.request_id.set(cause)
    metrics.EVENT_AGE.labels(spec.method.__name__).observe(time.time() - event.at.timestamp())
    with tracing.span(spec.method.__name__, tracing.CONSUMER, event.trace):
        _handle_event(runtime, spec, event, actor, cause)


def _handle_event(runtime: Any, spec: SubscriberSpec, event: ReceivedEvent, actor: Actor, cause: str) -> None:
    if not spec.once:
        runtime.write(event.company, actor, cause, TRANSACTION_SECONDS, lambda session: spec.method(session, event))
    elif spec.concerns is None or _concerns(runtime, spec.concerns, event, actor, cause):
        _once(runtime, spec.method, event, actor, cause)


def _concerns(runtime: Any, concerns: Concerns, event: ReceivedEvent, actor: Actor, cause: str) -> bool:
    with pymongo.timeout(TRANSACTION_SECONDS):
        return concerns(runtime.session_for(event.company, actor, cause, None), event)


def read_event(takes: type[Schema], body: bytes) -> tuple[ReceivedEvent, Actor, str]:
    """The event, who caused it and the request's id. Raises Invalid, which parks the event without a retry."""
    try:
        envelope = instance(Envelope).load(json.loads(body))
    except (ValueError, RecursionError, ValidationError) as error:
        raise Invalid("message_unreadable", "A mensagem não pôde ser lida.") from error
    actor, cause = envelope.pop("actor"), envelope.pop("cause")
    return ReceivedEvent(**{**envelope, "data": load(takes, envelope["data"])}), Actor(**actor), cause


def _once(runtime: Any, method: Callable[..., Any], event: ReceivedEvent, actor: Actor, cause: str) -> None:
    """Runs the handler and keeps the event's id in one transaction, so that a second delivery does nothing."""
    done: list[Session] = []
    mark = f"{method.__name__}|{event.id}"

    def work(client_session: Any) -> None:
        done.clear()
        session: Session = runtime.session_for(event.company, actor, cause, client_session)
        session.tenant.collection(INBOX).insert({"_id": mark, "at": session.now})
        method(session, event)
        session.flush()
        done.append(session)

    try:
        runtime.database.transact(work, TRANSACTION_SECONDS, event.company)
    except DuplicateKeyError as error:
        if INBOX not in str(error):
            raise
        return  # handled before, or by another process at this moment
    for session in done:
        runtime.hand_over(session)


def _retry_or_park(service: Any, method: str, message: Any, body: bytes, error: Exception) -> str:
    runtime = service.runtime
    delays = runtime.config.retry_delays
    attempt = attempt_of(message)
    transient = isinstance(error, Unavailable)
    final = isinstance(error, Invalid | Unauthenticated)
    reason = error.code if isinstance(error, Failure) else type(error).__name__
    log.warning("event failed", extra={"method": method, "reason": reason, "attempt": attempt + 1})
    if final or (attempt >= len(delays) and not transient):
        runtime.park(message, body, reason)
        return "parked"
    runtime.retry(message, body, delays[min(attempt, len(delays) - 1)], attempt if transient else attempt + 1)
    metrics.RETRIED.labels(method).inc()
    return "retried"
