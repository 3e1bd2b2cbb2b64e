"""What was given up, of one service or of all: listed, shown, requeued, dropped.

Parked work (jobs/parking.py) and the messages of `dead.<service>` (docs/dead-letters.md) are dealt with alike. Values
are shown on request only: they may hold personal data. What is requeued or dropped is in the audit first.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from deploy.operations import acting
from deploy.operations.installation import amqp_uri, database_of, publisher
from services.chassis.errors import Unavailable
from services.chassis.jobs import parking
from services.chassis.messaging.dead_letters import DeadLetter, DeadLetters, open_dead_letters
from services.chassis.messaging.publisher import UNROUTABLE
from services.chassis.storage.database import Database
from services.chassis.storage.rows import Document

MOST = 10_000


@dataclass(frozen=True)
class GivenUp:
    """One of them; `kind` is a collection or a queue, `of` what it was made from."""

    service: str
    id: str
    kind: str
    tries: int
    error: str
    since: dt.datetime | None
    company: str | None
    of: Document | DeadLetter


class Parked:
    """All that one service gave up."""

    def __init__(self, service: str, database: Database, letters: DeadLetters) -> None:
        self._service = service
        self._database = database
        self._letters = letters

    def find(self, wanted: str | None = None) -> list[GivenUp]:
        """All; or the one of this id; or those of a kind: a collection, a queue, or "message"."""
        work = [self._work(one) for one in parking.list_parked(self._database, MOST)]
        letters = [self._letter(one) for one in self._letters.letters]
        return [
            *(one for one in work if wanted in (None, one.id, one.kind)),
            *(one for one in letters if wanted in (None, one.id, one.kind, "message")),
        ]

    def _work(self, pointer: Document) -> GivenUp:
        told = (pointer["tries"], pointer["error"], pointer["parked_at"], pointer.get("company"))
        return GivenUp(self._service, pointer["_id"], pointer["work"], *told, pointer)

    def _letter(self, one: DeadLetter) -> GivenUp:
        since = dt.datetime.fromtimestamp(one.since, dt.UTC) if one.since else None
        return GivenUp(self._service, one.id, one.queue, one.tries, one.reason, since, one.company, one)

    def fields(self, one: GivenUp) -> list[str]:
        """The names of what it holds, without the values."""
        return one.of.fields if isinstance(one.of, DeadLetter) else sorted(parking.row_of(self._database, one.of) or {})

    def values(self, one: GivenUp) -> Any:
        """What it holds; it may be personal data."""
        if isinstance(one.of, DeadLetter):
            return one.of.body.decode(errors="replace")
        return parking.row_of(self._database, one.of)

    def requeue(self, one: GivenUp) -> str:
        """What came of it, in a word or a few."""
        if isinstance(one.of, DeadLetter):
            return self._sent_back(one.of)
        return "requeued" if parking.requeue(self._database, one.of) else "gone"

    def _sent_back(self, letter: DeadLetter) -> str:
        """A letter whose queue is gone keeps no other one here."""
        try:
            return "requeued" if self._letters.requeue(letter) else "kept: a request"
        except Unavailable as refusal:
            if refusal.code != UNROUTABLE:
                raise
            return "kept: its queue is not there (no reader of this version hears it): drop it"

    def drop(self, one: GivenUp) -> str:
        if isinstance(one.of, DeadLetter):
            self._letters.drop(one.of)
        else:
            parking.drop(self._database, one.of)
        return "dropped"


@contextmanager
def parked_of(service: str) -> Iterator[Parked]:
    with (
        database_of(service) as database,
        publisher() as sending,
        open_dead_letters(amqp_uri(), sending, service) as letters,
    ):
        yield Parked(service, database, letters)


def listed(services: Iterable[str], wanted: str | None) -> list[GivenUp]:
    found: list[GivenUp] = []
    for service in services:
        with parked_of(service) as parked:
            found += parked.find(wanted)
    return found


def described(services: Iterable[str], wanted: str, values: bool) -> list[dict[str, Any]]:
    """What is known of each; what it holds with `values` only."""
    told: list[dict[str, Any]] = []
    for service in services:
        with parked_of(service) as parked:
            for one in parked.find(wanted):
                of = {"service": service, "id": one.id, "kind": one.kind, "error": one.error, "tries": one.tries}
                of |= {"since": one.since, "company": one.company, "fields": parked.fields(one)}
                told.append({**of, **({"values": parked.values(one)} if values else {})})
    return told


def requeued(services: Iterable[str], wanted: str | None) -> list[tuple[str, str]]:
    """The id of each, and what came of it."""
    return _settled(services, wanted, "requeued", None)


def dropped(services: Iterable[str], wanted: str, reason: str) -> list[tuple[str, str]]:
    """The id of each, and what came of it; `reason` is kept in the audit."""
    return _settled(services, wanted, "dropped", reason)


def _settled(services: Iterable[str], wanted: str | None, how: str, reason: str | None) -> list[tuple[str, str]]:
    """The audit comes first: what is done is always told, though what is told may have failed."""
    done = []
    for service in services:
        with parked_of(service) as parked:
            found = parked.find(wanted)
            acting.record(_act(one, how, reason) for one in found)
            settle = parked.requeue if how == "requeued" else parked.drop
            done += [(one.id, settle(one)) for one in found]
    return done


def _act(one: GivenUp, how: str, reason: str | None) -> acting.Act:
    told = {"service": one.service, "kind": one.kind, "error": one.error, "tries": one.tries}
    return acting.Act(one.company, f"parked_{how}", one.id, {**told, **({"reason": reason} if reason else {})})


def as_json(told: dict[str, Any]) -> str:
    return json.dumps(told, default=str)
