"""Periodic housekeeping of a service: empties texts after their retention, computes search keys again, and counts
waiting messages and work for the metrics."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import eventlet
from pymongo.errors import PyMongoError

from services.chassis.errors import Failure
from services.chassis.handling.entrypoints import subscriptions_of
from services.chassis.jobs import retention
from services.chassis.jobs.backlog import backlog_of
from services.chassis.messaging import topology
from services.chassis.observability import metrics
from services.chassis.storage.recomputed_keys import recompute

log = logging.getLogger(__name__)

COUNT_SECONDS = 30.0
# Texts are emptied, and keys computed again, once in so many counts.
COUNTS_A_CLEARING = 60
PAUSE_SECONDS = 0.1


class Housekeeper:
    def __init__(self, runtime: Any) -> None:
        self._runtime = runtime
        self._service = runtime.service_class

    def run(self) -> None:
        turn = 0
        while True:
            self.count()
            if turn % COUNTS_A_CLEARING == 0:
                self.clear()
            turn += 1
            eventlet.sleep(COUNT_SECONDS)

    def recompute(self) -> None:
        """Runs for ever, in batches with pauses, so that the service's other work goes on."""
        while True:
            for wanted in self._service.recomputed:
                try:
                    changed = recompute(self._runtime.database, wanted, dt.datetime.now(dt.UTC), _pause)
                    log.info("keys computed again", extra={"collection": wanted.collection, "documents": changed})
                except PyMongoError as error:
                    log.warning("keys not computed again", extra={"error": type(error).__name__})
            eventlet.sleep(COUNT_SECONDS * COUNTS_A_CLEARING)

    def count(self) -> None:
        try:
            metrics.DEAD_LETTERS.set(self._runtime.publisher.depth(topology.dead_queue_name(self._service.name)))
            for queue in self._queues():
                metrics.QUEUE_MESSAGES.labels(queue).set(self._runtime.publisher.depth(queue))
        except Failure as error:
            log.info("messages not counted", extra={"error": error.code})
        try:
            for collection in self._runtime.jobs:
                self._count_work(collection)
        except PyMongoError as error:
            log.info("work not counted", extra={"error": type(error).__name__})

    def _queues(self) -> list[str]:
        """The queues in which messages for this service may wait, and the queue of unrouted events."""
        name = self._service.name
        events = [subscription.queue for subscription in subscriptions_of(self._service)]
        retries = [
            topology.retry_queue_name(name, seconds) for seconds in sorted(set(self._runtime.config.retry_delays))
        ]
        return [topology.rpc_queue(name).name, *events, *retries, topology.UNROUTED]

    def _count_work(self, collection: str) -> None:
        found = backlog_of(self._runtime.database, collection, dt.datetime.now(dt.UTC))
        metrics.WORK_WAITING.labels(collection).set(found.waiting)
        metrics.WORK_OLDEST.labels(collection).set(found.oldest)
        metrics.WORK_OVERDUE.labels(collection).set(found.overdue)

    def clear(self) -> None:
        days, now = self._runtime.config.retention, dt.datetime.now(dt.UTC)
        try:
            retention.clear(self._runtime.database, self._service.retentions, days, now)
        except PyMongoError as error:
            log.warning("texts not cleared", extra={"error": type(error).__name__})


def _pause() -> None:
    eventlet.sleep(PAUSE_SECONDS)
