"""Taking the rows of a started import, as leased work: one chunk is one transaction that also moves the position.

So a person is whole or not there, and after a crash whoever finds the import goes on exactly where it stopped.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, cast

import eventlet

from services.chassis.errors import ConcurrentUpdate, Invalid, NotFound
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job, LeasedWork
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.people.imports.model.imports import KEPT, Import
from services.people.imports.repository import POISON, import_of, poisoned
from services.people.imports.rows import Row, Rows
from services.people.imports.takings import Takings
from services.people.session import PeopleSession

log = logging.getLogger(__name__)

CHUNK_ROWS = 50
CHUNK_SECONDS = 30.0
# Longer than the longest chunk: two at once would only hinder each other.
LEASE = dt.timedelta(seconds=60)
TURN_SECONDS = 5.0
# One chunk may begin when the turn is almost over.
TURN_DEADLINE = TURN_SECONDS + CHUNK_SECONDS + 10
# Between rows other greenlets get their turn, requests above all.
ROWS_AT_A_TIME = 5
TRIES = 5
# After so many beginnings at one row, alone, it is what ends them.
HOPELESS = 12
UNTAKEN = "Esta linha não pôde ser gravada."


def make_importer(runtime: Runtime) -> Job:
    """What to do with an import that is due: go on with a running one, throw away one that was never started."""
    importer = Importer(runtime)
    return Job(importer.take_up, TURN_DEADLINE)


@dataclass
class Chunk:
    """Rows that were read and checked, and what comes after them; `usable` categories and characteristics."""

    rows: list[Row]
    position: int
    line: int
    last: bool
    usable: frozenset[str]

    def by_row(self) -> Iterator[Chunk]:
        """The same rows, each as a chunk of its own."""
        for row in self.rows:
            yield Chunk([row], row.end, row.next_line, self.last and row is self.rows[-1], self.usable)

    def refused(self) -> Chunk:
        rows = [Row(row.line, row.end, row.next_line, reason=UNTAKEN) for row in self.rows]
        return replace(self, rows=rows)


class Importer:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @property
    def _work(self) -> LeasedWork:
        return self._runtime.jobs["imports"]

    def take_up(self, document: Document) -> None:
        """One turn of some chunks; then the import goes to the end of this process's line."""
        running = self._in_transaction(import_of(document), self._begun)
        until = time.monotonic() + TURN_SECONDS
        while running is not None and time.monotonic() < until and not self._work.stopping:
            running = self._next(running)
            eventlet.sleep(0)
        if running is not None and self._work.stopping:
            self._in_transaction(running, _released)
        elif running is not None:
            self._work.take({**document, "next_at": running.next_at})

    def _begun(self, tx: PeopleSession, known: Import) -> Import | None:
        found = tx.imports.get(known.id)
        if found.state == "running":
            found.taken_up(tx.now)
            found.next_at = tx.now + LEASE if found.state == "running" else None
        elif found.created_at + KEPT <= tx.now and not found.over:
            found.cancel(tx.now)
        else:
            found.next_at = found.created_at + KEPT if not found.over else None
        tx.imports.save(found)
        return found if found.state == "running" else None

    def _next(self, running: Import) -> Import | None:
        """The next chunk; None when the import is over, or somebody else is at it."""
        try:
            chunk = self._read(running)
        except (Invalid, NotFound) as refusal:
            reason = refusal.detail
            return self._in_transaction(running, lambda tx, known: _failed(tx, known, reason))
        try:
            return self._take(running, chunk)
        except POISON as error:
            if not poisoned(error):
                raise
            return self._row_by_row(running, chunk)

    def _take(self, running: Import, chunk: Chunk) -> Import | None:
        return self._in_transaction(running, lambda tx, known: self._taken(tx, known, chunk))

    def _row_by_row(self, running: Import, chunk: Chunk) -> Import | None:
        """One row that cannot be taken costs itself, and none of the rows beside it."""
        at: Import | None = running
        for one in chunk.by_row():
            at = self._take_one(at, one) if at else None
            eventlet.sleep(0)
        return at

    def _take_one(self, running: Import, one: Chunk) -> Import | None:
        try:
            return self._take(running, one)
        except POISON as error:
            if not poisoned(error):
                raise
            log.warning("import row failed", extra={"line": one.rows[0].line, "error": type(error).__name__})
            return self._take(running, one.refused())

    def _read(self, running: Import) -> Chunk:
        reader = Rows(self._session(running, None), running)
        rows: list[Row] = []
        # what did not fit into its time is tried again by halves
        size = max(CHUNK_ROWS >> max(running.attempts - 1, 0), 1)
        for record in islice(reader.records(), size):
            rows.append(reader.checked(record))
            if len(rows) % ROWS_AT_A_TIME == 0:
                eventlet.sleep(0)
        position, line = (rows[-1].end, rows[-1].next_line) if rows else (running.position, running.line)
        chunk = Chunk(rows, position, line, last=len(rows) < size, usable=reader.usable)
        return chunk.refused() if running.attempts > HOPELESS else chunk

    def _taken(self, tx: PeopleSession, known: Import, chunk: Chunk) -> Import | None:
        running = tx.imports.get(known.id)
        if running.state != "running" or running.position != known.position:
            return None
        lines = Takings(tx, running, chunk.usable).take(chunk.rows)
        if lines:
            tx.imports.put_report(running.id, running.chunks, lines)
            running.advance(chunk.position, chunk.line, lines)
        running.next_at = tx.now + LEASE
        if chunk.last:
            running.finish(tx.now)
        tx.imports.save(running)
        return None if chunk.last else running

    def _in_transaction(self, known: Import, work: Callable[[PeopleSession, Import], Import | None]) -> Import | None:
        """Again where another writer was faster; then its events are handed over."""
        for _ in range(TRIES):
            done: list[PeopleSession] = []

            def attempt(client_session: Any, done: list[PeopleSession] = done) -> Import | None:
                done.clear()
                tx = self._session(known, client_session)
                result = work(tx, known)
                tx.flush()
                done.append(tx)
                return result

            try:
                result = self._runtime.database.transact(attempt, CHUNK_SECONDS, known.company)
            except ConcurrentUpdate:
                eventlet.sleep(0.05)
                continue
            for tx in done:
                self._runtime.hand_over(tx)
            return result
        return None  # it is found again when its lease ends

    def _session(self, known: Import, client_session: Any) -> PeopleSession:
        company = known.company
        actor = Actor(known.created_by, known.created_by_name)
        session = self._runtime.session_for(company, actor, known.id, client_session)
        return cast(PeopleSession, session)


def _released(tx: PeopleSession, known: Import) -> None:
    """This process leaves: another one may go on at once."""
    found = tx.imports.get(known.id)
    if found.state == "running":
        found.next_at = tx.now
        tx.imports.save(found)


def _failed(tx: PeopleSession, known: Import, reason: str) -> None:
    """Unless it is over meanwhile: its file goes with its end, and then cannot be read."""
    found = tx.imports.get(known.id)
    if found.state == "running":
        found.fail(reason, tx.now)
        tx.imports.save(found)
