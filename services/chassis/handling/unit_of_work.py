"""Running a use case: a command as one transaction with its events and what is remembered of it; a query as reads."""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Protocol

import pymongo
from marshmallow import Schema
from pymongo.errors import DuplicateKeyError, PyMongoError

from services.chassis.access import sections
from services.chassis.access.context import Context
from services.chassis.access.visibility import Sight
from services.chassis.dumping import dump_of
from services.chassis.errors import Conflict, Failure, Unavailable
from services.chassis.handling.answered import AnsweredOnce
from services.chassis.handling.changed_fields import name_as_answered
from services.chassis.handling.idempotency import IDEMPOTENCY, KeptAnswer
from services.chassis.handling.naming import give_names
from services.chassis.handling.session import Actor, Session
from services.chassis.schemas import HeldPage, instance

log = logging.getLogger(__name__)

Confirms = Callable[[Session], None]
# For the look after a refused transaction.
LEAST_SECONDS = 0.5


def run_query(
    service: Any,
    context: Context,
    method: Callable[..., Any],
    data: dict[str, Any],
    gives: type[Schema],
    confirms: Confirms | None = None,
) -> Any:
    """`confirms(session)` reads anew what the actor may do, and may refuse (a `fresh` query)."""
    with pymongo.timeout(context.deadline - time.time()):
        session = _session(service.runtime, context, None, confirms)
        found = method(session, deepcopy(data))
        if not context.person_asked:
            _refuse_nobody(session, data, gives, found)
        answer = give_names(gives, dump_of(gives)(found), lambda: session)
        return _visible_part(gives, answer, session.actor.sight)


def _refuse_nobody(session: Session, data: dict[str, Any], gives: type[Schema], found: Any) -> None:
    """A list of a person with nothing in it: is there such a person? Asked only then, for whoever has records is there.

    Raises what Session.require_person does. What is held of a person (HeldPage) is told of anybody who was there.
    """
    if gives is HeldPage or not data.get("person_id") or not isinstance(found, Mapping):
        return
    if not found.get("items", True):
        session.require_person(data["person_id"])


class Repetition(Protocol):
    """What a command does about being asked again: all that tells one with a secret from the others."""

    def first(self, runtime: Any) -> AbstractContextManager[None]:
        """Around everything that the command does, outside of its transaction; may refuse."""

    def keep(self, session: Session, answer: str | None) -> None:
        """Last in the transaction: the answer as JSON, None for a refusal that commits. Raises pymongo's
        DuplicateKeyError where one is kept already."""

    def known(self, session: Session) -> Any:
        """After a refused transaction: the answer that was given before, None if there is none; may refuse."""


@dataclass(frozen=True)
class Options:
    """How a command is run.

    `secret`: its input or answer holds one. So no key, input or result is kept of it, and asking again runs it again;
    the very same message does not (answered.py AnsweredOnce). Its method may return a Failure: then what it wrote
    stays, and the caller is refused (a stolen token ends a session).
    `not_compared`: fields that were made from the rest, and may be made differently when the same is asked again.
    `before_transaction(session, data)` runs before the transaction, and gives the data that it gets: for slow work,
    which a run again must not repeat, and for single writes that stay though the command is refused (a wrong password
    counts).
    """

    secret: bool = False
    not_compared: tuple[str, ...] = ()
    before_transaction: Callable[..., dict[str, Any]] | None = None

    def repetition(self, context: Context, method: Callable[..., Any], data: dict[str, Any]) -> Repetition:
        return AnsweredOnce(context, method) if self.secret else KeptAnswer(context, method, data, self.not_compared)


def run_command(
    service: Any,
    context: Context,
    method: Callable[..., Any],
    data: dict[str, Any],
    gives: type[Schema],
    options: Options,
    confirms: Confirms | None = None,
) -> Any:
    """State, outbox and the kept answer in one transaction: unless it is secret, the same idempotency key answers the
    first result again. Nobody looks for the key before: it, or the state that the first run left, refuses the second.

    Each run has its own copy of the input. `confirms(session)` reads anew what the actor may do, and may refuse.
    Raises Conflict: "idempotency_key_reused" for a known key with other input, "request_repeated" for a secret message.
    """
    runtime, again = service.runtime, options.repetition(context, method, data)
    done: list[Session] = []

    def work(client_session: Any) -> Any:
        done.clear()
        session = _session(runtime, context, client_session, confirms)
        _spend_grant(session, context)
        answer, text = _on_what_was_seen(session, context, _sayable(gives, method(session, deepcopy(ready))))
        session.flush()
        again.keep(session, text)
        done.append(session)
        return answer

    with again.first(runtime):
        ready = _prepared(runtime, context, options.before_transaction, data)
        try:
            answer = runtime.database.transact(work, context.deadline - time.time(), context.company)
        except (Failure, DuplicateKeyError) as refusal:
            done.clear()  # what is refused is so when it is sent, after `work`: nothing is announced
            answer = _answered_before(runtime, context, again, refusal, gives, confirms)
    for session in done:
        runtime.hand_over(session)
    if isinstance(answer, Failure):
        raise answer
    return _visible_part(gives, _named(runtime, context, gives, answer), context.sight)


def _named(runtime: Any, context: Context, gives: type[Schema], answer: Any) -> Any:
    """The answer with the names of what it refers to, as others see them after the commit. What is done is answered all
    the same where the database does not say them: they stay null."""
    try:
        with pymongo.timeout(max(context.deadline - time.time(), LEAST_SECONDS)):
            return give_names(gives, answer, lambda: runtime.session(context, None))
    except PyMongoError as error:
        log.warning("names of an answer not read", extra={"error": type(error).__name__})
        return answer


def _session(runtime: Any, context: Context, client_session: Any, confirms: Confirms | None) -> Session:
    session: Session = runtime.session(context, client_session)
    if confirms is not None:
        confirms(session)
    return session


def _prepared(
    runtime: Any, context: Context, before_transaction: Callable[..., dict[str, Any]] | None, data: dict[str, Any]
) -> dict[str, Any]:
    """The data as `before_transaction` gives it, outside of any transaction; without one, as it came."""
    if before_transaction is None:
        return data
    with pymongo.timeout(context.deadline - time.time()):
        return before_transaction(runtime.session(context, None), deepcopy(data))


def _on_what_was_seen(session: Session, context: Context, said: tuple[Any, str | None]) -> tuple[Any, str | None]:
    """What is said, where the command has compared the version that the caller saw, or they said none."""
    if context.seen is not None:
        session.require_seen(said[0])
    return said


def _sayable(gives: type[Schema], answer: Any) -> tuple[Any, str | None]:
    """The answer and its JSON, or a Failure. Raises TypeError or ValueError for what is no plain JSON: it is not
    committed."""
    if isinstance(answer, Failure):
        return answer, None
    result = dump_of(gives)(answer)
    return result, json.dumps(result, ensure_ascii=False, allow_nan=False)


def _visible_part(gives: type[Schema], answer: Any, sight: Sight) -> Any:
    """The stored answer of a command holds all fields; the caller is given those of the sections that they see now."""
    return sections.visible_part(instance(gives), answer, sight)


def _spend_grant(session: Session, context: Context) -> None:
    """A supervisor's grant commits with one command, once; a refused command leaves it unspent.

    Raises pymongo's DuplicateKeyError for one that is spent.
    """
    if context.supervisor is None:
        return
    mark = f"grant|{context.supervisor['grant']}"
    session.tenant.collection(IDEMPOTENCY).insert({"_id": mark, "at": session.now})


def _answered_before(
    runtime: Any,
    context: Context,
    again: Repetition,
    refusal: Exception,
    gives: type[Schema],
    confirms: Confirms | None,
) -> Any:
    """The answer of an earlier run, if the transaction was refused because there was one; raises what is the matter.

    Raises Conflict("grant_used") where the grant is what was there already.
    """
    if isinstance(refusal, Unavailable):
        raise refusal
    with pymongo.timeout(max(context.deadline - time.time(), LEAST_SECONDS)):
        known = again.known(_session(runtime, context, None, confirms))
    if known is not None:
        return known
    if isinstance(refusal, DuplicateKeyError) and IDEMPOTENCY in str(refusal) and context.supervisor is not None:
        raise Conflict("grant_used", "Esta aprovação de supervisor já foi usada.") from refusal
    raise name_as_answered(refusal, gives, context.sight)


def actor_of(context: Context) -> Actor:
    told = {name: getattr(context, name) for name in ("permissions", "scopes", "person", "session", "by_link")}
    return Actor(context.user, context.user_name, **told)


def supervisor_of(context: Context) -> Actor | None:
    approved = context.supervisor
    return None if approved is None else Actor(approved["id"], approved["name"])


def now() -> dt.datetime:
    """The time in UTC, to the millisecond, as the database keeps it."""
    moment = dt.datetime.now(dt.UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
