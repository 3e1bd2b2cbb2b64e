"""The transactional outbox: events stored with the state that they announce, and their relay to the broker.

An event is inserted in the command's own transaction. The process that committed publishes it at once with a confirm
and deletes it. After a crash its lease ends and any process publishes it; subscribers drop the duplicate by its id
(inbox).
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
from services.chassis.messaging.topology import MINOR
from services.chassis.observability import metrics
from services.chassis.observability.companies import COMPANIES
from services.chassis.storage.database import Database
from services.chassis.storage.rows import Document

COLLECTION = "outbox"
# Three publish at a time (Publisher's connections), while one deletes what was published.
RELAY_WORKERS = 4
# How long published events are collected, to be deleted by one command. After a crash they are published again.
DELETE_AFTER_SECONDS = 0.25
# A publication waits at most for two time-outs: of connecting, and of the confirm.
TIMEOUTS_OF_A_PUBLICATION = 2


def envelope_bytes(envelope: dict[str, Any]) -> bytes:
    """Raises TypeError or ValueError, inside the command's transaction, for an envelope that is not plain JSON."""
    return json.dumps(envelope, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


class Relay:
    """Publishes the events of the outbox, as leased work."""

    def __init__(self, config: Config, database: Database, publisher: Publisher) -> None:
        self._keys = config.keys
        self._publisher = publisher
        self._outbox = database.collection(COLLECTION)
        self._published: list[str] = []
        self.delete_after_seconds = DELETE_AFTER_SECONDS
        self._seconds = TIMEOUTS_OF_A_PUBLICATION * config.confirm_timeout
        job = Job(
            self._relay, self._seconds + SLACK_SECONDS, RELAY_WORKERS, row_is_work=True, poll_seconds=SWEEP_SECONDS
        )
        self.work = LeasedWork(database, COLLECTION, job, config.lease, config.work_delays)

    def _relay(self, document: Document) -> None:
        """Publishes one event. A broker that is too slow is Unavailable, which does not count as a failed try."""
        try:
            with within(self._seconds):
                self._publish(document)
            self._delete_with_others(document["_id"])
        except DeadlinePassed as error:
            raise Unavailable("broker_unavailable", "O barramento de mensagens não respondeu.") from error

    def _publish(self, document: Document) -> None:
        body = document["envelope"].encode()
        source, name = document["source"], document["name"]
        headers = {SIGNATURE_HEADER: self._keys.sign(f"{source}.{name}".encode(), body)}
        routing_key = f"{name}{MINOR}" if document.get("minor") else name
        self._publisher.publish(f"{source}.events", routing_key, body, headers)
        metrics.PUBLISHED.labels(f"{source}.{name}").inc()
        metrics.COMPANY_EVENTS.labels(COMPANIES.label(document["company"]), f"{source}.{name}").inc()

    def _delete_with_others(self, event_id: str) -> None:
        """The first caller waits for a moment, and then deletes the events of all who called meanwhile."""
        self._published.append(event_id)
        if len(self._published) > 1:
            return
        try:
            sleep(self.delete_after_seconds)
        finally:
            published, self._published = self._published, []
        self._outbox.delete_many({"_id": {"$in": published}})
