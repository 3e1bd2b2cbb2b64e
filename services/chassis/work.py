"""Work that a committed document stands for: done soon by the process that wrote it, else by whoever finds it.

A document with `next_at` (UTC) is pending work. Its writer owns it until then; after that any replica may claim it
by moving `next_at` in an `update_one` that names the old value. The outbox and the senders run on this.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import eventlet
from eventlet.queue import LightQueue
from pymongo.errors import PyMongoError

from services.chassis import metrics
from services.chassis.mongo import Database, Document, SystemIndex

log = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
SWEEP_LIMIT = 200


class LeasedWork:
    """Runs `handle(document)` for each pending document of one collection; `handle` ends or postpones the work."""

    def __init__(
        self, database: Database, collection: str, handle: Callable[[Document], None], lease: float, workers: int
    ) -> None:
        self._documents = database.collection(collection)
        self._name = collection
        self._handle = handle
        self._lease = dt.timedelta(seconds=lease)
        self._owned: LightQueue = LightQueue()
        self._pool = eventlet.GreenPool(workers)
        self._stopping = False
        self._threads: list[Any] = []

    @property
    def index(self) -> SystemIndex:
        return SystemIndex(self._name, [("next_at", 1)])

    def start(self) -> None:
        self._threads = [eventlet.spawn(self._run), eventlet.spawn(self._sweep)]

    def stop(self, seconds: float) -> None:
        """Finishes what is owned and running, within `seconds`; the rest waits for its lease to end."""
        self._stopping = True
        with eventlet.Timeout(seconds, False):
            while self._owned.qsize() or self._pool.running():
                eventlet.sleep(0.02)
        for thread in self._threads:
            thread.kill()

    @property
    def stopping(self) -> bool:
        """Whether this process is about to leave: long work ends at its next safe point."""
        return self._stopping

    def take(self, document: Document) -> None:
        """Hands over a document that this process wrote (or claimed) and owns until its `next_at`."""
        self._owned.put(document)
        metrics.WORK_PENDING.labels(self._name).set(self._owned.qsize())

    def _run(self) -> None:
        while True:
            self._pool.spawn_n(self._one, self._owned.get())

    def _one(self, document: Document) -> None:
        try:
            owned = self._still_owned(document)
            if owned is not None:
                self._handle(owned)
        except Exception as error:  # the document stays pending and is found again when its lease ends
            log.warning("work failed", extra={"collection": self._name, "error": type(error).__name__})

    def _still_owned(self, document: Document) -> Document | None:
        """Waiting in line may have used the lease up: then it is claimed again, unless somebody else has."""
        now = dt.datetime.now(dt.UTC)
        return document if document["next_at"] - now > self._lease / 2 else self._claim(document, now)

    def _claim(self, document: Document, now: dt.datetime) -> Document | None:
        """The document with a new lease; None where somebody was faster or the work is done."""
        lease_end = now + self._lease
        was = {"_id": document["_id"], "next_at": document["next_at"]}
        claimed = self._documents.update_one(was, {"$set": {"next_at": lease_end}}).modified_count == 1
        return {**document, "next_at": lease_end} if claimed else None

    def _sweep(self) -> None:
        while not self._stopping:
            eventlet.sleep(SWEEP_SECONDS)
            try:
                self._claim_due()
            except PyMongoError as error:
                log.warning("sweep failed", extra={"collection": self._name, "error": type(error).__name__})

    def _claim_due(self) -> None:
        now = dt.datetime.now(dt.UTC)
        due = self._documents.find({"next_at": {"$lte": now}}).sort("next_at", 1).limit(SWEEP_LIMIT)
        for document in list(due):
            claimed = self._claim(document, now)
            if claimed is not None:
                self.take(claimed)
