"""Housekeeping of a service, now and then: empties texts whose time is over, and counts its dead letters."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import eventlet
from pymongo.errors import PyMongoError

from services.chassis.errors import Failure
from services.chassis.jobs import retention
from services.chassis.messaging.topology import dead_queue_name
from services.chassis.observability import metrics

log = logging.getLogger(__name__)

COUNT_SECONDS = 30.0
COUNTS_A_CLEARING = 60


class Keeper:
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

    def count(self) -> None:
        try:
            metrics.DEAD_LETTERS.set(self._runtime.publisher.depth(dead_queue_name(self._service.name)))
        except Failure as error:
            log.info("dead letters not counted", extra={"error": error.code})

    def clear(self) -> None:
        days, now = self._runtime.config.retention, dt.datetime.now(dt.UTC)
        try:
            retention.clear(self._runtime.database, self._service.retentions, days, now)
        except PyMongoError as error:
            log.warning("texts not cleared", extra={"error": type(error).__name__})
