"""The job that takes the rows of a started import, as leased work. Each chunk is one transaction, which also moves the
position, so that a person is stored as a whole or not at all, and after a crash another process goes on exactly there.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import eventlet

from services.chassis.errors import ConcurrentUpdate, Invalid, NotFound
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job, LeasedWork
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.people.imports.chunk_writer import ChunkWriter
from services.people.imports.model.imports import KEPT, Import
from services.people.imports.repository import POISON, import_of, poisoned
from services.people.imports.rows import MOST_SEARCHED, Row, Rows
from services.people.session import PeopleSession

log = logging.getLogger(__name__)

CHUNK_ROWS = 50
CHUNK_SECONDS = 30.0
# Longer than the longest chunk, so that no second process begins at the same import.
LEASE = dt.timedelta(seconds=60)
TURN_SECONDS = 5.0
# One chunk may begin when the turn is almost over.
TURN_DEADLINE = TURN_SECONDS + CHUNK_SECONDS + 10
# After so many rows other greenlets run, requests above all.
ROWS_AT_A_TIME = 5
TRIES = 5
# A row at which so many attempts, with that row alone, ended the process is refused.
HOPELESS = 12
UNTAKEN = "Esta linha não pôde ser gravada."


def make_importer(runtime: Runtime) -> Job:
    """The job for an import that is due: continues a running one, cancels one that was never started."""
    importer = Importer(runtime)
    return Job(importer.take_up, TURN_DEADLINE)


@dataclass
class Chunk:
    """Rows that were read and checked, and the position after them; `usable`: categories and characteristics."""

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
        """Takes chunks for TURN_SECONDS; then the import goes to the end of this process's queue."""
        running = self._in_transaction(import_of(document), self._begin)
        until = time.monotonic() + TURN_SECONDS
        while running is not None and time.monotonic() < until and not self._work.stopping:
            running = self._next(running)
            eventlet.sleep(0)
        if running is not None and self._work.stopping:
            self._in_transaction(running, _release)
        elif running is not None:
            self._work.accept({**document, "next_at": running.next_at})

    def _begin(self, tx: PeopleSession, known: Import) -> Import | None:
        begun = tx.imports.get(known.id)
        if begun.state == "running":
            begun.taken_up(tx.now)
            begun.next_at = tx.now + LEASE if begun.state == "running" else None
        elif begun.created_at + KEPT <= tx.now and not begun.over:
            begun.cancel(tx.now)
        else:
            begun.next_at = begun.created_at + KEPT if not begun.over else None
        tx.imports.save(begun)
        return begun if begun.state == "running" else None

    def _next(self, running: Import) -> Import | None:
        """Takes the next chunk; None when the import is over, or another process has it."""
        try:
            chunk = self._read(running)
        except (Invalid, NotFound) as refusal:
            reason = refusal.detail
            return self._in_transaction(running, lambda tx, known: _fail(tx, known, reason))
        try:
            return self._take(running, chunk)
        except POISON as error:
            if not poisoned(error):
                raise
            return self._row_by_row(running, chunk)

    def _take(self, running: Import, chunk: Chunk) -> Import | None:
        return self._in_transaction(running, lambda tx, known: self._taken(tx, known, chunk))

    def _row_by_row(self, running: Import, chunk: Chunk) -> Import | None:
        """Takes each row in a transaction of its own, so that a row that cannot be stored costs no other row."""
        current: Import | None = running
        for row_chunk in chunk.by_row():
            current = self._take_one(current, row_chunk) if current else None
            eventlet.sleep(0)
        return current

    def _take_one(self, running: Import, row_chunk: Chunk) -> Import | None:
        try:
            return self._take(running, row_chunk)
        except POISON as error:
            if not poisoned(error):
                raise
            log.warning("import row failed", extra={"line": row_chunk.rows[0].line, "error": type(error).__name__})
            return self._take(running, row_chunk.refused())

    def _read(self, running: Import) -> Chunk:
        """At most a chunk's rows, found among at most MOST_SEARCHED records."""
        reader = Rows(self._session(running, None), running)
        chunk = Chunk([], running.position, running.line, last=True, usable=reader.usable)
        # each failed attempt halves the chunk, because it may not have fitted into its time
        size = max(CHUNK_ROWS >> max(running.attempts - 1, 0), 1)
        for number, record in enumerate(reader.records()):
            if len(chunk.rows) == size or number == MOST_SEARCHED:
                chunk.last = False
                break
            chunk.position, chunk.line = record.end, record.next_line
            if reader.is_row(record):
                chunk.rows.append(reader.checked(record))
            if number % ROWS_AT_A_TIME == 0:
                eventlet.sleep(0)
        return chunk.refused() if running.attempts > HOPELESS else chunk

    def _taken(self, tx: PeopleSession, known: Import, chunk: Chunk) -> Import | None:
        running = tx.imports.get(known.id)
        if running.state != "running" or running.position != known.position:
            return None
        lines = ChunkWriter(tx, running, chunk.usable).take(chunk.rows) if chunk.rows else []
        if lines:
            tx.imports.put_report(running.id, running.chunks, lines)
        running.advance(chunk.position, chunk.line, lines)
        running.next_at = tx.now + LEASE
        if chunk.last:
            running.finish(tx.now)
        tx.imports.save(running)
        return None if chunk.last else running

    def _in_transaction(self, known: Import, work: Callable[[PeopleSession, Import], Import | None]) -> Import | None:
        """Runs `work` in a transaction, again after a concurrent update (None after TRIES); hands over its events."""
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


def _release(tx: PeopleSession, known: Import) -> None:
    """This process stops, so another one may continue the import at once."""
    running = tx.imports.get(known.id)
    if running.state == "running":
        running.next_at = tx.now
        tx.imports.save(running)


def _fail(tx: PeopleSession, known: Import, reason: str) -> None:
    """Fails the import, unless it ended meanwhile: its file is deleted then, and reading it fails for that reason."""
    running = tx.imports.get(known.id)
    if running.state == "running":
        running.fail(reason, tx.now)
        tx.imports.save(running)
