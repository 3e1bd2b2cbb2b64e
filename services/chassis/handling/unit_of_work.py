"""Running a use case: a command as one transaction with its events and its idempotency key; a query as reads. A
command with a secret in it is one transaction as well, but nothing of it is remembered.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pymongo
from marshmallow import Schema
from pymongo.errors import DuplicateKeyError

from services.chassis.access import sections
from services.chassis.access.context import Context
from services.chassis.access.visibility import Sight
from services.chassis.errors import Conflict, Failure
from services.chassis.handling import answered
from services.chassis.handling.idempotency import IDEMPOTENCY, fingerprint, key_of, replay
from services.chassis.handling.session import Actor, Session
from services.chassis.schemas import instance
from services.chassis.storage.mongo import TenantCollection

Confirms = Callable[[Session], None]


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
        return _visible_part(gives, instance(gives).dump(method(session, deepcopy(data))), session.actor.sight)


def run_command(
    service: Any,
    context: Context,
    method: Callable[..., Any],
    data: dict[str, Any],
    gives: type[Schema],
    not_compared: tuple[str, ...] = (),
    confirms: Confirms | None = None,
) -> Any:
    """State, outbox and idempotency key in one transaction; the same key answers the first result again.

    Each run gets its own copy of the input, for a use case may take it apart and then be run again.
    `not_compared`: fields that were made from the rest, and may be made differently when the same is asked again.
    `confirms(session)` reads anew, in this transaction, what the actor may do, and may refuse.
    Raises Conflict("idempotency_key_reused") for a known key with other input.
    """
    runtime = service.runtime
    key = key_of(context, method)
    print_of_input = fingerprint({name: value for name, value in data.items() if name not in not_compared})
    done: list[Session] = []

    def work(client_session: Any) -> Any:
        done.clear()
        session = _session(runtime, context, client_session, confirms)
        keys = session.tenant.collection(IDEMPOTENCY)
        known = keys.find_one({"_id": key})
        if known is not None:
            return replay(known, print_of_input)
        _spend_grant(keys, context, session.now)
        result = instance(gives).dump(method(session, deepcopy(data)))
        stored = json.dumps(result, ensure_ascii=False, allow_nan=False)
        session.flush()
        keys.insert({"_id": key, "input": print_of_input, "result": stored, "at": session.now})
        done.append(session)
        return result

    result = _once_more_if_raced(runtime, work, context)
    for session in done:
        runtime.hand_over(session)
    return _visible_part(gives, result, context.sight)


def run_secret_command(
    service: Any,
    context: Context,
    method: Callable[..., Any],
    data: dict[str, Any],
    gives: type[Schema],
    before_transaction: Callable[..., dict[str, Any]] | None = None,
    confirms: Confirms | None = None,
) -> Any:
    """A command whose input or answer holds a secret: no key, input or result is kept, so asking again runs it again.

    The very same message does not; see handling/answered.py. Raises Conflict("request_repeated").

    The method may return a Failure: then what it wrote stays, and the caller is refused (a
    stolen token ends a session).
    `before_transaction(session, data)` runs before the transaction, and gives the data that it gets: for slow work,
    which a run again must not repeat, and for single writes that stay though the command is refused (a wrong password
    counts). `confirms` as for run_command.
    """
    runtime = service.runtime
    done: list[Session] = []
    ready: dict[str, Any] = {}

    def work(client_session: Any) -> Any:
        done.clear()
        session = _session(runtime, context, client_session, confirms)
        result = _sayable(gives, method(session, deepcopy(ready)))
        session.flush()
        done.append(session)
        return result

    with answered.once(runtime, context, method):
        ready.update(_prepared(runtime, context, before_transaction, data))
        answer = runtime.database.transact(work, context.deadline - time.time(), context.company)
    for session in done:
        runtime.hand_over(session)
    if isinstance(answer, Failure):
        raise answer
    return _visible_part(gives, answer, context.sight)


def _session(runtime: Any, context: Context, client_session: Any, confirms: Confirms | None) -> Session:
    session: Session = runtime.session(context, client_session)
    if confirms is not None:
        confirms(session)
    return session


def _prepared(
    runtime: Any, context: Context, before_transaction: Callable[..., dict[str, Any]] | None, data: dict[str, Any]
) -> dict[str, Any]:
    """Runs `before_transaction`, outside of any transaction."""
    if before_transaction is None:
        return deepcopy(data)
    with pymongo.timeout(context.deadline - time.time()):
        return before_transaction(runtime.session(context, None), deepcopy(data))


def _sayable(gives: type[Schema], answer: Any) -> Any:
    """The answer or the Failure. Raises TypeError or ValueError for what is no plain JSON: it is not committed."""
    if isinstance(answer, Failure):
        return answer
    result = instance(gives).dump(answer)
    json.dumps(result, allow_nan=False)
    return result


def _visible_part(gives: type[Schema], answer: Any, sight: Sight) -> Any:
    """The stored answer of a command holds all fields; the caller is given those of the sections that they see now."""
    return sections.visible_part(instance(gives), answer, sight)


def _spend_grant(keys: TenantCollection, context: Context, now: dt.datetime) -> None:
    """A supervisor's grant commits with one command, once; a refused command leaves it unspent.

    Raises Conflict("grant_used").
    """
    if context.supervisor is None:
        return
    mark = f"grant|{context.supervisor['grant']}"
    if keys.find_one({"_id": mark}) is not None:
        raise Conflict("grant_used", "Esta aprovação de supervisor já foi usada.")
    keys.insert({"_id": mark, "at": now})


def _once_more_if_raced(runtime: Any, work: Callable[[Any], Any], context: Context) -> Any:
    """Runs again after a duplicate key: of two requests with one key, the second finds the first's result."""
    try:
        return runtime.database.transact(work, context.deadline - time.time(), context.company)
    except DuplicateKeyError as error:
        if IDEMPOTENCY not in str(error):
            raise
        return runtime.database.transact(work, context.deadline - time.time(), context.company)


def actor_of(context: Context) -> Actor:
    person, session = context.person, context.session
    return Actor(context.user, context.user_name, context.permissions, context.scopes, person, session)


def supervisor_of(context: Context) -> Actor | None:
    approved = context.supervisor
    return None if approved is None else Actor(approved["id"], approved["name"])


def now() -> dt.datetime:
    """The time in UTC, to the millisecond, as the database keeps it."""
    moment = dt.datetime.now(dt.UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
