"""Events written with the state they announce, and their relay to the broker.

An event is inserted in the command's own transaction; the committing process publishes it at once with a confirm and
deletes it. After a crash the lease ends and any replica publishes it; readers drop the double by its id (inbox).
"""

from __future__ import annotations

import json
from typing import Any

from eventlet import sleep

from services.chassis.access.context import SIGNATURE_HEADER
from services.chassis.config import Config
from services.chassis.errors import Unavailable
from services.chassis.jobs.deadline import DeadlinePassed, within
from services.chassis.jobs.leased import SLACK_SECONDS, SWEEP_SECONDS, Job, LeasedWork
from services.chassis.messaging.publisher import Publisher
from services.chassis.observability import metrics
from services.chassis.observability.companies import COMPANIES
from services.chassis.storage.database import Database
from services.chassis.storage.rows import Document

COLLECTION = "outbox"
# One more than publish: it deletes what the others published.
RELAY_WORKERS = 4
# How long published events are collected, to be deleted by one command. After a crash they are published again.
SETTLE_SECONDS = 0.25
# Connecting, and the confirm.
PUBLISHES = 2


def envelope_bytes(envelope: dict[str, Any]) -> bytes:
    """Raises TypeError or ValueError, in the command's transaction, for what is no plain JSON."""
    return json.dumps(envelope, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


class Relay:
    """Publishes what the outbox holds."""

    def __init__(self, config: Config, database: Database, publisher: Publisher) -> None:
        self._keys = config.keys
        self._publisher = publisher
        self._outbox = database.collection(COLLECTION)
        self._published: list[str] = []
        self.settle_seconds = SETTLE_SECONDS
        self._seconds = PUBLISHES * config.confirm_timeout
        job = Job(
            self._relay, self._seconds + SLACK_SECONDS, RELAY_WORKERS, row_is_work=True, look_seconds=SWEEP_SECONDS
        )
        self.work = LeasedWork(database, COLLECTION, job, config.lease, config.work_delays)

    def _relay(self, document: Document) -> None:
        """Publishes one event. A broker that is too slow counts as unavailable, which is no failure of the event."""
        try:
            with within(self._seconds):
                self._publish(document)
            self._settle(document["_id"])
        except DeadlinePassed as error:
            raise Unavailable("broker_unavailable", "O barramento de mensagens não respondeu.") from error

    def _publish(self, document: Document) -> None:
        body = document["envelope"].encode()
        source, name = document["source"], document["name"]
        headers = {SIGNATURE_HEADER: self._keys.sign(f"{source}.{name}".encode(), body)}
        self._publisher.publish(f"{source}.events", name, body, headers)
        metrics.PUBLISHED.labels(f"{source}.{name}").inc()
        metrics.COMPANY_EVENTS.labels(COMPANIES.label(document["company"]), f"{source}.{name}").inc()

    def _settle(self, event_id: str) -> None:
        """Whoever finds nobody collecting collects for a moment, and deletes what everybody published meanwhile."""
        self._published.append(event_id)
        if len(self._published) > 1:
            return
        try:
            sleep(self.settle_seconds)
        finally:
            published, self._published = self._published, []
        self._outbox.delete_many({"_id": {"$in": published}})
