"""Leased work: each committed document with `next_at` is a piece of work, which one process at a time may do.

The process that wrote the document owns it until `next_at` (UTC) and does it soon; after that any replica may claim
it by moving `next_at` in an `update_one` that names the old value. A process looks for due work when it wrote some
itself, when what it saw last gets due, and every few seconds for what others left. The outbox and the senders run on
this. Work that fails is counted, put off and parked (jobs/parking.py); it never stands in the way of other work.
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

from services.chassis.jobs.deadline import within
from services.chassis.jobs.parking import CLAIMS, Failing
from services.chassis.observability import metrics, tracing
from services.chassis.storage.database import Database
from services.chassis.storage.indexes import SystemIndex
from services.chassis.storage.rows import Document

log = logging.getLogger(__name__)

# A process looks for due work at most so often,
SWEEP_SECONDS = 1.0
# and at least so often: for what was left by a process that has ended, or requeued by an operator. Less a random part,
# so that replicas do it at different times.
LOOK_SECONDS, SPREAD = 5.0, 0.2
SWEEP_LIMIT = 200
# In this process's queue. More would only fill the memory: the rest waits in the database.
OWNED_LIMIT = 1_000
# Between counts of what other processes parked.
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

    `handle(document)` ends or postpones the work, and is broken off after `deadline` seconds. `row_is_work`: the
    document is nothing but work, so dropping the work drops it; else it is a record of something.
    `owned_from_the_start`: who writes it has the whole lease at once, and need not claim it; after a crash of its
    writer nobody begins it before that lease is over. `look_seconds`: how soon it is found at the latest that
    nobody of this process has written.
    """

    handle: Callable[[Document], None]
    deadline: float
    workers: int = 4
    row_is_work: bool = False
    owned_from_the_start: bool = False
    look_seconds: float = LOOK_SECONDS


def index_of(collection: str) -> SystemIndex:
    """By which pending work of a collection is found."""
    return SystemIndex(collection, [("next_at", 1)])


class LeasedWork:
    """Runs a job for each pending document of one collection.

    `lease` in seconds, longer where the job's deadline asks for it: nobody begins what another one may still be at.
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
        self._failing = Failing(database, collection, delays, job.row_is_work)
        self._owned: LightQueue = LightQueue()
        self._asked_to_look: LightQueue = LightQueue(1)
        self._pool = eventlet.GreenPool(job.workers)
        self._stopping = False
        self._threads: list[Any] = []

    @property
    def first_lease(self) -> float | None:
        """Of work that its writer owns from the start: it may wait here for `lease`, and is then still begun without a
        claim. None, too, while much waits here: what finds no place is then soon found by another process.
        """
        owned = self._job.owned_from_the_start and self._owned.qsize() < OWNED_LIMIT // 2
        return self.deadline + min(self.lease, WAIT_SECONDS) if owned else None

    def start(self) -> None:
        self._threads = [eventlet.spawn(self._run), eventlet.spawn(self._sweep)]

    def rest(self) -> None:
        """Claims no more work. What is owned, and what is handed over from now on, is still done."""
        self._stopping = True

    @property
    def idle(self) -> bool:
        return not (self._owned.qsize() or self._pool.running())

    def stop(self) -> None:
        """Stops at once; work that is not done is found again when its lease ends."""
        self.rest()
        for thread in self._threads:
            thread.kill()

    @property
    def stopping(self) -> bool:
        """Whether this process is stopping: long work should end at its next safe point."""
        return self._stopping

    def take(self, document: Document) -> None:
        """Hands over a document that this process wrote (or claimed) and owns until its `next_at`.

        More than OWNED_LIMIT are not kept: what is left out is found again when its lease ends.
        """
        if self._owned.qsize() < OWNED_LIMIT:
            self._owned.put(document)
        metrics.WORK_PENDING.labels(self._name).set(self._owned.qsize())

    def look(self) -> None:
        """Something may be due sooner than is known here: it is looked for at once, or a second after the last time."""
        if self._asked_to_look.empty():
            self._asked_to_look.put_nowait(None)

    def _run(self) -> None:
        while True:
            self._pool.spawn_n(self._one, self._owned.get())

    def _one(self, document: Document) -> None:
        try:
            owned = self._still_owned(document)
            if owned is not None:
                self._handle(owned)
        except Exception as error:  # the document stays pending and is found again when its lease ends
            log.warning("work not taken", extra={"collection": self._name, "error": type(error).__name__})

    def _handle(self, owned: Document) -> None:
        """Runs the job on the document without the chassis' own fields, which start with an underscore."""
        plain = {name: value for name, value in owned.items() if name == "_id" or not name.startswith("_")}
        try:
            if self._failing.ended_us(owned):
                return
            with within(self.deadline), tracing.span(self._name, tracing.CONSUMER, owned.get(tracing.FIELD)):
                self._job.handle(plain)
        except Exception as error:
            self._failing.note(owned, error)
        else:
            self._failing.over(owned)
        finally:
            self.look()  # it may have been put off

    def _still_owned(self, document: Document) -> Document | None:
        """The document, if this process owns it. A lease that is nearly over is claimed again first; None where another
        process was faster.
        """
        now = dt.datetime.now(dt.UTC)
        left = (document["next_at"] - now).total_seconds()
        return document if left > self.deadline else self._claim(document, now)

    def _claim(self, document: Document, now: dt.datetime) -> Document | None:
        """The document with a new lease; None where another process was faster or the work is done."""
        lease_end = now + dt.timedelta(seconds=self.lease)
        # as the database keeps it
        lease_end = lease_end.replace(microsecond=lease_end.microsecond // 1000 * 1000)
        was = {"_id": document["_id"], "next_at": document["next_at"]}
        changes = {"$set": {"next_at": lease_end}, "$inc": {CLAIMS: 1}}
        claimed = self._documents.update_one(was, changes).modified_count == 1
        return {**document, "next_at": lease_end, CLAIMS: document.get(CLAIMS, 0) + 1} if claimed else None

    def _sweep(self) -> None:
        counted = -COUNT_SECONDS
        while not self._stopping:
            eventlet.sleep(SWEEP_SECONDS)
            with suppress(Empty):
                self._asked_to_look.get_nowait()
            wait = 0.0
            try:
                wait = self._claim_due() - SWEEP_SECONDS
                if time.monotonic() - counted > COUNT_SECONDS:
                    self._failing.count()
                    counted = time.monotonic()
            except PyMongoError as error:
                log.warning("sweep failed", extra={"collection": self._name, "error": type(error).__name__})
            with suppress(Empty):
                self._asked_to_look.get(timeout=max(wait, 0))

    def _claim_due(self) -> float:
        """Claims what is due; answers how many seconds nothing else will be, as far as is known here."""
        now = dt.datetime.now(dt.UTC)
        room = min(SWEEP_LIMIT, OWNED_LIMIT - self._owned.qsize())
        if room <= 0:
            return SWEEP_SECONDS
        longest = self._job.look_seconds * random.uniform(1 - SPREAD, 1)
        soon = {"next_at": {"$lte": now + dt.timedelta(seconds=longest)}}
        found = list(self._documents.find(soon).sort("next_at", 1).limit(room))
        due = [document for document in found if document["next_at"] <= now]
        if not self._claim_all(due, now) or len(due) == room:
            return SWEEP_SECONDS
        return float(min([longest, *((one["next_at"] - now).total_seconds() for one in found[len(due) :])]))

    def _claim_all(self, due: Sequence[Document], now: dt.datetime) -> bool:
        """False where the database refused some: they are looked for again."""
        refused = 0
        for document in due:
            try:
                with pymongo.timeout(CLAIM_SECONDS):
                    claimed = self._claim(document, now)
            except PyMongoError as error:  # somebody's open transaction holds this row: the others need not wait for it
                log.warning("claim failed", extra={"collection": self._name, "error": type(error).__name__})
                refused += 1
                continue
            if claimed is not None:
                self.take(claimed)
        return not refused


def finish_all(jobs: Mapping[str, LeasedWork], last: str, seconds: float) -> None:
    """Ends all kinds within `seconds`: none looks for more, then what is owned is finished.

    The kind named `last` is waited for when no other one can hand it anything any more; a third of the time is its own.
    """
    until = time.monotonic() + seconds
    for work in jobs.values():
        work.rest()
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
