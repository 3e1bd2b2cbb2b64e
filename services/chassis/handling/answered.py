"""A secret command answers a message once: a recorded message that is sent again gets no answer (ADR 0024).

The message is marked as answered before anything else is done (also before a password is tried), and outside the
command's transaction. So a message that the broker delivers again because its first reader died is refused as well:
it cannot be told from a recorded copy, and the caller has to ask anew.
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
# The database's clock, which removes the marks, may be ahead of the one that refuses what comes too late.
CLOCKS_APART = dt.timedelta(minutes=1)
LEAST_SECONDS = 0.5


class AnsweredOnce:
    """Of a command with a secret no key, input or answer is kept (unit_of_work.run_command)."""

    def __init__(self, context: Context, method: Callable[..., Any]) -> None:
        self._context, self._method = context, method

    @contextmanager
    def first(self, runtime: Any) -> Iterator[None]:
        """The block is for the first message of its kind; raises Conflict("request_repeated") for any other one.

        What the chassis itself runs again (handling/patience.py) is the same message still: nobody was answered yet.
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

    def known(self, session: Session) -> Any:
        return None

    def keep(self, session: Session, answer: str | None) -> None:
        """Nothing."""


def _mark(context: Context, method: Callable[..., Any]) -> str:
    """What makes a message the only one: its request, and its deadline to the microsecond; neither input nor answer."""
    text = json.dumps([method.__name__, asdict(context)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
