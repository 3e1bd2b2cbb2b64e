"""Replay protection of secret commands: each message is answered once, so a recorded message gets no second answer
(ADR 0024).

The message is marked before anything else is done (also before a password is tried), and outside the command's
transaction. So a message that the broker delivers again, because its first worker died, is refused as well: it cannot
be distinguished from a recorded copy, and the caller has to send a new request.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import pymongo
from pymongo.errors import DuplicateKeyError

from services.chassis.access.context import Context
from services.chassis.errors import ConcurrentUpdate, Conflict, NotReplicatedYet
from services.chassis.handling.session import Session
from services.chassis.storage.indexes import SystemIndex

COLLECTION = "answered"
INDEX = SystemIndex(COLLECTION, [("until", 1)], expire_after=0)
# The database removes the marks by its own clock, which may be ahead of the clock that compares the deadline.
CLOCKS_APART = dt.timedelta(minutes=1)
LEAST_SECONDS = 0.5


class ReplayProtection:
    """How a secret command treats a repeated request (unit_of_work.RepeatPolicy): it keeps no idempotency key, input or
    answer, and refuses the very same message."""

    def __init__(self, context: Context, method: Callable[..., Any]) -> None:
        self._context, self._method = context, method

    @contextmanager
    def guard(self, runtime: Any) -> Iterator[None]:
        """Marks the message; raises Conflict("request_repeated") for one that is marked already.

        The mark is removed where the chassis runs the command again (handling/retrying.py): nobody was answered yet.
        """
        mark, deadline = _mark(self._context, self._method), self._context.deadline
        marks = runtime.session(self._context, None).tenant.collection(COLLECTION)
        until = dt.datetime.fromtimestamp(deadline, dt.UTC) + CLOCKS_APART
        try:
            with pymongo.timeout(max(deadline - time.time(), LEAST_SECONDS)):
                marks.insert({"_id": mark, "until": until})
        except DuplicateKeyError as error:
            raise Conflict("request_repeated", "Este pedido já foi recebido; faça outro.") from error
        try:
            yield
        except (NotReplicatedYet, ConcurrentUpdate):
            with pymongo.timeout(LEAST_SECONDS):
                marks.delete({"_id": mark})
            raise

    def earlier_answer(self, session: Session) -> Any:
        return None

    def store_answer(self, session: Session, answer: str | None) -> None:
        """Stores nothing."""


def _mark(context: Context, method: Callable[..., Any]) -> str:
    """Identifies a message by its method and context, which has the deadline to the microsecond; not by its input."""
    text = json.dumps([method.__name__, asdict(context)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
