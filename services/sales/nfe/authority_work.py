"""The parts that all jobs which call the tax authority share: retrying with growing waits, and recording the answer."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from services.chassis.errors import ConcurrentUpdate, Failure
from services.chassis.handling.session import Actor
from services.chassis.jobs.work import Work
from services.chassis.storage.rows import Document
from services.sales.nfe.authority.soap import Unreachable
from services.sales.nfe.model.answers import TOO_MANY, Answer
from services.sales.session import SalesSession

log = logging.getLogger(__name__)

# Seconds between tries, while the authority is not reached or still processes.
BACK_OFF = (2, 5, 15, 60, 300, 600)
HOUR = 3600
TRANSACTION_SECONDS = 10.0
RUNS = 4


class AuthorityWork:
    """A row of leased work, run in the name of the user who requested it."""

    def __init__(self, runtime: Any, collection: str, work: Document) -> None:
        self._runtime = runtime
        self.work = work
        self.row = Work(runtime.database, collection, work)
        self._actor = Actor(work["actor"]["id"], work["actor"]["name"])

    def session(self) -> SalesSession:
        """A session for reading, outside of a transaction."""
        found: SalesSession = self._runtime.session_for(self.work["company"], self._actor, self.work["_id"], None)
        return found

    def retry(self, least: int = 0) -> None:
        tries = self.work["tries"]
        wait = max(least, BACK_OFF[min(tries, len(BACK_OFF) - 1)])
        self.row.put_off(now() + dt.timedelta(seconds=wait), tries=tries + 1)

    def put_off(
        self, trouble: str, shown_trouble: str, note_trouble: Callable[[SalesSession], None], least: int = 0
    ) -> None:
        """Puts the work off until the next try, and records the trouble if it is not `shown_trouble` already.

        `least`: seconds to wait at least.
        """
        log.warning("nfe not transmitted", extra={"tries": self.work["tries"]})
        if trouble != shown_trouble:
            self.record(note_trouble)
        self.retry(least)

    def record(self, change: Callable[[SalesSession], None]) -> None:
        of = self.work["company"], self._actor, self.work["_id"]
        for left in reversed(range(RUNS)):
            try:
                self._runtime.transact(*of, TRANSACTION_SECONDS, change)
                return
            except ConcurrentUpdate:
                if not left:
                    raise

    def settle(
        self,
        shown_trouble: str,
        ask: Callable[[], Answer],
        conclude: Callable[[SalesSession, Answer], None],
        note_trouble: Callable[[SalesSession, str], None],
    ) -> None:
        """Asks the authority and records its answer, or puts the work off. For requests that are answered at once."""
        try:
            answer = ask()
        except Unreachable as trouble:
            return self._put_off(str(trouble), shown_trouble, note_trouble)
        except Failure as failure:  # of the certificate
            return self._put_off(failure.detail, shown_trouble, note_trouble)
        if answer.passing:
            return self._put_off(f"{answer.code}: {answer.text}", shown_trouble, note_trouble, demanded_wait(answer))
        self.record(lambda tx: conclude(tx, answer))
        return self.row.drop()

    def _put_off(
        self, trouble: str, shown_trouble: str, note_trouble: Callable[[SalesSession, str], None], least: int = 0
    ) -> None:  # fmt: skip
        self.put_off(trouble, shown_trouble, lambda tx: note_trouble(tx, trouble), least)


def demanded_wait(answer: Answer) -> int:
    """The seconds that the authority demands before the next call."""
    return HOUR if answer.code == TOO_MANY else 0


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
