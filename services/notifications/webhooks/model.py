"""The event feed and the webhooks of other systems (row N9). Pure.

An event of the feed is thin: what happened to which record, when and by whom, and no text. Who wants more asks the API,
which knows the reader's rights.
"""

from __future__ import annotations

import datetime as dt
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from services.chassis.errors import Conflict

STATES = ACTIVE, PAUSED = "active", "paused"
# Why a webhook is paused: by a user, after three days without a delivery, or as its maker lost the rights.
PAUSES = BY_USER, BY_FAILURES, BY_RIGHTS = "user", "failures", "rights"
MOST_WEBHOOKS = 50
MOST_LOGGED = 50
PATIENCE = dt.timedelta(days=3)
# Waits after a failure of the webhook, all of whose events wait: their order is kept.
WAITS = tuple(dt.timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 1800, 3600, 7200))
LONGEST_WAIT = dt.timedelta(hours=4)
SIGNATURE_VERSION = "v1"


@dataclass(frozen=True)
class FeedEvent:
    """`sequence` is the version of the aggregate, the record that the event is about; `position` its place."""

    id: str
    source: str
    name: str
    aggregate: str
    sequence: int
    at: dt.datetime
    actor_id: str
    actor_name: str
    person_id: str | None
    attendance_id: str | None
    data: dict[str, Any]
    stored_at: dt.datetime

    @property
    def type(self) -> str:
        return f"{self.source}.{self.name}"

    @property
    def by(self) -> dict[str, str]:
        return {"id": self.actor_id, "name": self.actor_name}


@dataclass(frozen=True)
class Try:
    """One attempt to deliver an event; `answered`: the HTTP status, None where there was no answer."""

    at: dt.datetime
    event_id: str
    type: str
    answered: int | None
    error: str | None
    milliseconds: int


@dataclass
class Webhook:
    """`after_at`, `after_id`: the place in the feed that it has reached. `failing_since`: the first failure since the
    last delivery. `secret` is kept sealed."""

    id: str
    url: str
    types: list[str]
    description: str
    sealed: str
    state: str
    created_at: dt.datetime
    created_by: str
    created_by_name: str
    after_at: dt.datetime
    after_id: str
    pause_reason: str | None = None
    failures: int = 0
    failing_since: dt.datetime | None = None
    last_error: str | None = None
    delivered: int = 0
    log: list[Try] = field(default_factory=list)
    version: int = 0

    def mark_delivered(self, event: FeedEvent, attempt: Try) -> None:
        self._note(attempt)
        self.after_at, self.after_id = event.stored_at, event.id
        self.failures, self.failing_since, self.last_error = 0, None, None
        self.delivered += 1

    def pass_over(self, event: FeedEvent) -> None:
        """Moves past an event whose type the webhook does not want."""
        self.after_at, self.after_id = event.stored_at, event.id

    def mark_failed(self, attempt: Try, now: dt.datetime, wait: dt.timedelta | None) -> dt.datetime | None:
        """The time of the next attempt, not before the consumer's own `wait`.

        None after PATIENCE, when it is paused.
        """
        self._note(attempt)
        self.failures += 1
        self.failing_since = self.failing_since or now
        self.last_error = attempt.error or f"HTTP {attempt.answered}"
        if now - self.failing_since >= PATIENCE:
            self.state, self.pause_reason = PAUSED, BY_FAILURES
            return None
        usual = WAITS[min(self.failures, len(WAITS)) - 1]
        return now + min(max(usual, wait or usual), LONGEST_WAIT)

    def pause(self) -> None:
        self.state, self.pause_reason = PAUSED, BY_USER

    def lose_rights(self) -> None:
        self.state, self.pause_reason = PAUSED, BY_RIGHTS

    def resume(self) -> None:
        """Goes on where it stopped, with PATIENCE counted anew."""
        self.state, self.pause_reason = ACTIVE, None
        self.failures, self.failing_since = 0, None

    def go_back(self, at: dt.datetime, event_id: str) -> None:
        """Delivers the events from that place on again; raises Conflict("webhook_paused")."""
        if self.state == PAUSED:
            raise Conflict("webhook_paused", "O webhook está pausado; retome-o antes.")
        self.after_at, self.after_id = at, event_id

    def _note(self, attempt: Try) -> None:
        self.log = [*self.log, attempt][-MOST_LOGGED:]


def body_of(event: FeedEvent, company: str) -> bytes:
    """The event as JSON, as it is sent and as the feed returns it."""
    told = {
        "id": event.id,
        "type": event.type,
        "company_id": company,
        "aggregate_id": event.aggregate,
        "sequence": event.sequence,
        "at": event.at.isoformat(),
        "by": event.by,
        "data": event.data,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def signature_of(secret: str, moment: int, body: bytes) -> str:
    """`t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">`, so that an old message cannot be played again."""
    digest = hmac.digest(secret.encode(), f"{moment}.".encode() + body, "sha256").hex()
    return f"t={moment},{SIGNATURE_VERSION}={digest}"
