"""Runs a use case: a command as one transaction with its events and its stored answer; a query as reads.

A repeated idempotency key gets the first answer again. It is not looked up before the transaction: where the first run
has committed, the stored key or the changed state refuses the second run, and only then the key is looked up.
"""

from __future__ import annotations

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
from services.chassis.handling.changed_fields import translate_changed_fields
from services.chassis.handling.idempotency import IDEMPOTENCY, StoredAnswer
from services.chassis.handling.naming import give_names
from services.chassis.handling.replay_protection import ReplayProtection
from services.chassis.handling.session import Session
from services.chassis.schemas import HeldPage, instance

log = logging.getLogger(__name__)

ConfirmAccess = Callable[[Session], None]
# The least time for reading after the transaction, however little of the deadline is left.
LEAST_SECONDS = 0.5


def run_query(
    service: Any,
    context: Context,
    method: Callable[..., Any],
    data: dict[str, Any],
    gives: type[Schema],
    confirm_access: ConfirmAccess | None = None,
) -> Any:
    """Runs `method(session, data)` within the context's deadline and returns its answer as `gives` dumps it.

    `confirm_access(session)` reads again what the actor may do, and may refuse (a `fresh` query).
    """
    with pymongo.timeout(context.deadline - time.time()):
        session = _session(service.runtime, context, None, confirm_access)
        result = method(session, deepcopy(data))
        if not context.person_asked:
            _require_person_of_empty_list(session, data, gives, result)
        answer = give_names(gives, dump_of(gives)(result), lambda: session)
        return _visible_part(gives, answer, session.actor.sight)


def _require_person_of_empty_list(session: Session, data: dict[str, Any], gives: type[Schema], result: Any) -> None:
    """Refuses an empty list of a person who does not exist (Session.require_person); one with records needs no check.

    An access report (HeldPage) is given also of a person who is not here any more.
    """
    if gives is HeldPage or not data.get("person_id") or not isinstance(result, Mapping):
        return
    if not result.get("items", True):
        session.require_person(data["person_id"])


class RepeatPolicy(Protocol):
    """How a command treats a repeated request. This is the only difference between secret commands and others."""

    def guard(self, runtime: Any) -> AbstractContextManager[None]:
        """Surrounds the whole command, outside its transaction; may refuse."""

    def store_answer(self, session: Session, answer: str | None) -> None:
        """Called last in the transaction, with the answer as JSON, or None for a refusal that commits. Raises pymongo's
        DuplicateKeyError where an answer is stored already."""

    def earlier_answer(self, session: Session) -> Any:
        """Called after a refused transaction: the stored answer of an earlier run, None without one; may refuse."""


@dataclass(frozen=True)
class Options:
    """How a command is run.

    `secret`: input or answer contains a secret, so no idempotency key, input or answer is stored: a new request runs
    the command again, and the very same message is refused (replay_protection.py). Its method may return a Failure:
    then its writes are committed, and the caller is refused (a stolen token ends a session).
    `not_compared`: input fields that are computed from the others (a rendered mail), and may differ when a request is
    repeated with the same idempotency key.
    `before_transaction(session, data)` runs before the transaction and returns the transaction's input. It is for slow
    work that a retry must not repeat, and for writes that stay when the command is refused (a wrong password counts).
    """

    secret: bool = False
    not_compared: tuple[str, ...] = ()
    before_transaction: Callable[..., dict[str, Any]] | None = None

    def repeat_policy(self, context: Context, method: Callable[..., Any], data: dict[str, Any]) -> RepeatPolicy:
        if self.secret:
            return ReplayProtection(context, method)
        return StoredAnswer(context, method, data, self.not_compared)


def run_command(
    service: Any,
    context: Context,
    method: Callable[..., Any],
    data: dict[str, Any],
    gives: type[Schema],
    options: Options,
    confirm_access: ConfirmAccess | None = None,
) -> Any:
    """Runs `method(tx, data)` as one transaction and returns its answer as `gives` dumps it. Each run of the
    transaction has its own copy of the input. `confirm_access`: as in run_query. Raises
    Conflict("idempotency_key_reused") for other input, Conflict("request_repeated") for a repeated secret message."""
    runtime, policy = service.runtime, options.repeat_policy(context, method, data)
    committed: list[Session] = []

    def work(client_session: Any) -> Any:
        committed.clear()
        session = _session(runtime, context, client_session, confirm_access)
        _spend_grant(session, context)
        answer, text = _dumped(gives, method(session, deepcopy(ready)))
        if context.seen is not None:
            session.require_version_compared(answer)
        session.flush()
        policy.store_answer(session, text)
        committed.append(session)
        return answer

    with policy.guard(runtime):
        ready = _prepare(runtime, context, options.before_transaction, data, gives)
        try:
            answer = runtime.database.transact(work, context.deadline - time.time(), context.company)
        except (Failure, DuplicateKeyError) as refusal:
            committed.clear()  # waiting writes may be refused after `work` has ended
            answer = _earlier_answer(runtime, context, policy, refusal, gives, confirm_access)
    for session in committed:
        runtime.hand_over(session)
    if isinstance(answer, Failure):
        raise answer
    return _visible_part(gives, _with_names(runtime, context, gives, answer), context.sight)


def _with_names(runtime: Any, context: Context, gives: type[Schema], answer: Any) -> Any:
    """Fills in the names of the records that the answer refers to, read after the commit. Where the database does not
    answer they stay null: the command is done, and its caller is answered all the same."""
    try:
        with pymongo.timeout(max(context.deadline - time.time(), LEAST_SECONDS)):
            return give_names(gives, answer, lambda: runtime.session(context, None))
    except PyMongoError as error:
        log.warning("names of an answer not read", extra={"error": type(error).__name__})
        return answer


def _session(runtime: Any, context: Context, client_session: Any, confirm_access: ConfirmAccess | None) -> Session:
    session: Session = runtime.session(context, client_session)
    if confirm_access is not None:
        confirm_access(session)
    return session


def _prepare(
    runtime: Any,
    context: Context,
    before_transaction: Callable[..., dict[str, Any]] | None,
    data: dict[str, Any],
    gives: type[Schema],
) -> dict[str, Any]:
    """The input of the transaction: what `before_transaction` returns, if there is one; else `data`."""
    if before_transaction is None:
        return data
    try:
        with pymongo.timeout(context.deadline - time.time()):
            return before_transaction(runtime.session(context, None), deepcopy(data))
    except Conflict as refusal:
        raise translate_changed_fields(refusal, gives, context.sight) from None


def _dumped(gives: type[Schema], result: Any) -> tuple[Any, str | None]:
    """The answer as `gives` dumps it, and as JSON text; a Failure has no text. Raises TypeError or ValueError inside
    the transaction for an answer that is not plain JSON."""
    if isinstance(result, Failure):
        return result, None
    answer = dump_of(gives)(result)
    return answer, json.dumps(answer, ensure_ascii=False, allow_nan=False)


def _visible_part(gives: type[Schema], answer: Any, sight: Sight) -> Any:
    """A stored answer has all fields; the caller gets those of the sections that they see now."""
    return sections.visible_part(instance(gives), answer, sight)


def _spend_grant(session: Session, context: Context) -> None:
    """Spends a supervisor's grant in the command's transaction: a refused command leaves it unspent.

    Raises pymongo's DuplicateKeyError for a grant that is spent already.
    """
    if context.supervisor is None:
        return
    mark = f"grant|{context.supervisor['grant']}"
    session.tenant.collection(IDEMPOTENCY).insert({"_id": mark, "at": session.now})


def _earlier_answer(
    runtime: Any,
    context: Context,
    policy: RepeatPolicy,
    refusal: Exception,
    gives: type[Schema],
    confirm_access: ConfirmAccess | None,
) -> Any:
    """The answer of an earlier run of a refused command. Without one it raises the refusal itself, or
    Conflict("grant_used") where another command has spent the grant."""
    if isinstance(refusal, Unavailable):
        raise refusal
    with pymongo.timeout(max(context.deadline - time.time(), LEAST_SECONDS)):
        answer = policy.earlier_answer(_session(runtime, context, None, confirm_access))
    if answer is not None:
        return answer
    if isinstance(refusal, DuplicateKeyError) and IDEMPOTENCY in str(refusal) and context.supervisor is not None:
        raise Conflict("grant_used", "Esta aprovação de supervisor já foi usada.") from refusal
    raise translate_changed_fields(refusal, gives, context.sight)
