"""Leased work, by which all background jobs run: each stored document with `next_at` is a piece of work, which one
process at a time may do.

The process that wrote the document owns it until `next_at` (UTC) and does it soon. After that any process may claim it,
by moving `next_at` in an `update_one` that names the old value. A process looks for due work when it has written some
itself, when the work that it saw last is due, and every few seconds for work that others left. Work that fails is
counted, postponed and at last parked (jobs/parking.py); it does not block other work.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import eventlet
import pymongo
from eventlet.queue import Empty, LightQueue
from pymongo.errors import PyMongoError

from services.chassis.jobs.backlog import LONG_AGO
from services.chassis.jobs.deadline import within
from services.chassis.jobs.parking import CLAIMS, Failures
from services.chassis.observability import metrics, tracing
from services.chassis.storage.database import Database
from services.chassis.storage.indexes import SystemIndex
from services.chassis.storage.rows import Document

log = logging.getLogger(__name__)

# The shortest time between two sweeps, which look for due work.
SWEEP_SECONDS = 1.0
# The longest time between two sweeps: they find what an ended process left, or an operator requeued. A random part is
# subtracted, so that processes sweep at different times.
POLL_SECONDS, SPREAD = 5.0, 0.2
SWEEP_LIMIT = 200
# The most documents in this process's queue; more work waits in the database.
OWNED_LIMIT = 1_000
# How often the work that other processes parked is counted.
COUNT_SECONDS = 60.0
# A claim is one small write.
CLAIM_SECONDS = 1.0
# A lease is longer than the deadline of its work by this, the time to record the result.
SLACK_SECONDS = 2.0
# How long work that is owned from the start may wait for its turn.
WAIT_SECONDS = 10.0
IDLE_CHECK_SECONDS = 0.02


@dataclass(frozen=True)
class Job:
    """One kind of leased work.

    `handle(document)` ends or postpones the work, and is interrupted after `deadline` seconds. `workers`: how many run
    at once in a process. `row_is_work`: the document is nothing but work, so dropping the work deletes it; else it is a
    record, and stays. `owned_from_the_start`: the process that writes the document gets the whole lease at once and
    need not claim it; after a crash of that process nobody begins the work before the lease is over. `poll_seconds`:
    how soon, at the latest, a process finds due work that another one wrote.
    """

    handle: Callable[[Document], None]
    deadline: float
    workers: int = 4
    row_is_work: bool = False
    owned_from_the_start: bool = False
    poll_seconds: float = POLL_SECONDS


def index_of(collection: str) -> SystemIndex:
    """The index by which pending work of a collection is found."""
    return SystemIndex(collection, [("next_at", 1)])


class LeasedWork:
    """Runs a job for each pending document of one collection.

    `lease` in seconds; it is longer where the job's deadline requires it, so that no process begins work that another
    one may still be doing. `delays`: seconds before each retry of failed work.
    """

    def __init__(
        self, database: Database, collection: str, job: Job, lease: float, delays: Sequence[float]
    ) -> None:  # fmt: skip
        if job.deadline <= 0:
            raise ValueError(f"{collection}: work without a deadline")
        self._documents = database.collection(collection)
        self._name = collection
        self._job = job
        self.deadline = job.deadline
        self.lease = max(lease, job.deadline + SLACK_SECONDS)
        self._failures = Failures(database, collection, delays, job.row_is_work)
        self._owned: LightQueue = LightQueue()
        self._wake_requests: LightQueue = LightQueue(1)
        self._pool = eventlet.GreenPool(job.workers)
        self._stopping = False
        self._threads: list[Any] = []

    @property
    def first_lease(self) -> float | None:
        """The lease, in seconds, of a document that its writer owns from the start: long enough to wait here for its
        turn and then be done without a claim. None for other jobs, and while much waits here: then the ordinary lease
        lets another process take the work sooner."""
        owned = self._job.owned_from_the_start and self._owned.qsize() < OWNED_LIMIT // 2
        return self.deadline + min(self.lease, WAIT_SECONDS) if owned else None

    def start(self) -> None:
        self._threads = [eventlet.spawn(self._run), eventlet.spawn(self._sweep)]

    def stop_claiming(self) -> None:
        """Stops looking for work. Owned work, and what is handed over from now on, is still done."""
        self._stopping = True

    @property
    def idle(self) -> bool:
        return not (self._owned.qsize() or self._pool.running())

    def stop(self) -> None:
        """Stops at once; work that is not done is found again when its lease ends."""
        self.stop_claiming()
        for thread in self._threads:
            thread.kill()

    @property
    def stopping(self) -> bool:
        """Whether this process is stopping: long work should end at its next safe point."""
        return self._stopping

    def accept(self, document: Document) -> None:
        """Hands over a document that this process wrote (or claimed) and owns until its `next_at`.

        More than OWNED_LIMIT are not kept: what is left out is found again when its lease ends.
        """
        if self._owned.qsize() < OWNED_LIMIT:
            self._owned.put(document)
        metrics.WORK_PENDING.labels(self._name).set(self._owned.qsize())

    def wake(self) -> None:
        """Asks for a sweep, since work may be due sooner than expected: at once, or a second after the last sweep."""
        if self._wake_requests.empty():
            self._wake_requests.put_nowait(None)

    def _run(self) -> None:
        while True:
            self._pool.spawn_n(self._run_one, self._owned.get())

    def _run_one(self, document: Document) -> None:
        try:
            owned = self._still_owned(document)
            if owned is not None:
                self._handle(owned)
        except Exception as error:  # the document stays pending and is found again when its lease ends
            log.warning("work not taken", extra={"collection": self._name, "error": type(error).__name__})

    def _handle(self, owned: Document) -> None:
        """Runs the job with the document, without the chassis' own fields, which start with an underscore."""
        plain = {name: value for name, value in owned.items() if name == "_id" or not name.startswith("_")}
        try:
            if self._failures.park_if_it_kills_the_process(owned):
                return
            with within(self.deadline), tracing.span(self._name, tracing.CONSUMER, owned.get(tracing.FIELD)):
                self._job.handle(plain)
        except Exception as error:
            self._failures.record_failure(owned, error)
        else:
            self._failures.record_success(owned)
        finally:
            self.wake()  # the job may have postponed the work

    def _still_owned(self, document: Document) -> Document | None:
        """The document, if this process owns it for the whole deadline; else it is claimed again. None where another
        process was faster."""
        now = dt.datetime.now(dt.UTC)
        left = (document["next_at"] - now).total_seconds()
        return document if left > self.deadline else self._claim(document, now)

    def _claim(self, document: Document, now: dt.datetime) -> Document | None:
        """The document with a new lease; None where another process was faster or the work is done."""
        lease_end = now + dt.timedelta(seconds=self.lease)
        # The database stores milliseconds.
        lease_end = lease_end.replace(microsecond=lease_end.microsecond // 1000 * 1000)
        unclaimed = {"_id": document["_id"], "next_at": document["next_at"]}
        changes = {"$set": {"next_at": lease_end}, "$inc": {CLAIMS: 1}}
        claimed = self._documents.update_one(unclaimed, changes).modified_count == 1
        return {**document, "next_at": lease_end, CLAIMS: document.get(CLAIMS, 0) + 1} if claimed else None

    def _sweep(self) -> None:
        counted = -COUNT_SECONDS
        while not self._stopping:
            eventlet.sleep(SWEEP_SECONDS)
            with suppress(Empty):
                self._wake_requests.get_nowait()
            wait = 0.0
            try:
                wait = self._claim_due() - SWEEP_SECONDS
                if time.monotonic() - counted > COUNT_SECONDS:
                    self._failures.update_gauge()
                    counted = time.monotonic()
            except PyMongoError as error:
                log.warning("sweep failed", extra={"collection": self._name, "error": type(error).__name__})
            with suppress(Empty):
                self._wake_requests.get(timeout=max(wait, 0))

    def _claim_due(self) -> float:
        """Claims the due work; returns the seconds until the next sweep."""
        now = dt.datetime.now(dt.UTC)
        room = min(SWEEP_LIMIT, OWNED_LIMIT - self._owned.qsize())
        if room <= 0:
            return SWEEP_SECONDS
        longest = self._job.poll_seconds * random.uniform(1 - SPREAD, 1)
        # with a lower bound, because the index begins with all rows that are no work any more
        soon = {"next_at": {"$gt": LONG_AGO, "$lte": now + dt.timedelta(seconds=longest)}}
        found = list(self._documents.find(soon).sort("next_at", 1).limit(room))
        due = [document for document in found if document["next_at"] <= now]
        if not self._claim_all(due, now) or len(due) == room:
            return SWEEP_SECONDS
        return float(min([longest, *((later["next_at"] - now).total_seconds() for later in found[len(due) :])]))

    def _claim_all(self, due: Sequence[Document], now: dt.datetime) -> bool:
        """False where some could not be claimed because the database failed."""
        refused = 0
        for document in due:
            try:
                with pymongo.timeout(CLAIM_SECONDS):
                    claimed = self._claim(document, now)
            except PyMongoError as error:  # an open transaction may hold this row; the other rows need not wait for it
                log.warning("claim failed", extra={"collection": self._name, "error": type(error).__name__})
                refused += 1
                continue
            if claimed is not None:
                self.accept(claimed)
        return not refused


def finish_all(jobs: Mapping[str, LeasedWork], last: str, seconds: float) -> None:
    """Stops all jobs within `seconds`: none looks for more work, and owned work is finished.

    The job named `last` is stopped after the others, since they may hand it work; it has a third of the time.
    """
    until = time.monotonic() + seconds
    for work in jobs.values():
        work.stop_claiming()
    others = [work for name, work in jobs.items() if name != last]
    _wait_until_idle(others, seconds * 2 / 3)
    for work in others:
        work.stop()
    _wait_until_idle([jobs[last]], until - time.monotonic())
    jobs[last].stop()


def _wait_until_idle(jobs: list[LeasedWork], seconds: float) -> None:
    with eventlet.Timeout(seconds, False):
        while not all(work.idle for work in jobs):
            eventlet.sleep(IDLE_CHECK_SECONDS)
