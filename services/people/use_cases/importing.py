"""Taking the rows of a started import, as leased work: one chunk is one transaction that also moves the position.

So a person is whole or not there, and after a crash whoever finds the import goes on exactly where it stopped.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, cast

import eventlet

from services.chassis.errors import Invalid, NotFound, Overtaken
from services.chassis.mongo import Document
from services.chassis.runtime import Runtime
from services.chassis.session import Actor
from services.chassis.work import LeasedWork
from services.people import contract
from services.people.domain import Person
from services.people.domain.duplicates import warning_of
from services.people.domain.imports import KEPT, Import, fill_empty
from services.people.store import PeopleSession
from services.people.store.imports import import_of
from services.people.use_cases.editing import changed, note_duplicates, probable_duplicates
from services.people.use_cases.import_rows import Row, checked, rows_from

CHUNK_ROWS = 50
CHUNK_SECONDS = 30.0
# Longer than the longest chunk: two at once would only hinder each other.
LEASE = dt.timedelta(seconds=60)
TURN_SECONDS = 5.0
# Between rows other greenlets get their turn, requests above all.
ROWS_AT_A_TIME = 5
TRIES = 5


def make_importer(runtime: Runtime) -> Callable[[Document], None]:
    """What to do with an import that is due: go on with a running one, throw away one that was never started."""
    importer = Importer(runtime)
    return importer.take_up


# outcome, the person it is about, and the reason of a refusal
Met = tuple[str, Person | None, str | None]


@dataclass
class Chunk:
    """Rows that were read and checked, and what comes after them."""

    rows: list[Row]
    position: int
    line: int
    last: bool


class Importer:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @property
    def _work(self) -> LeasedWork:
        return self._runtime.works["imports"]

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
        return self._in_transaction(running, lambda tx, known: self._taken(tx, known, chunk))

    def _read(self, running: Import) -> Chunk:
        session = self._session(running, None)
        found = rows_from(session.imports, running)
        rows: list[Row] = []
        # what did not fit into its time is tried again by halves
        size = max(CHUNK_ROWS >> max(running.attempts - 1, 0), 1)
        position, line = running.position, running.line
        for record in islice(found, size):
            rows.append(checked(running, record, session.new_id, session.now))
            position, line = record.end, record.next_line
            if len(rows) % ROWS_AT_A_TIME == 0:
                eventlet.sleep(0)
        return Chunk(rows, position, line, last=len(rows) < size)

    def _taken(self, tx: PeopleSession, known: Import, chunk: Chunk) -> Import | None:
        running = tx.imports.get(known.id)
        if running.state != "running" or running.position != known.position:
            return None
        lines = _Takings(tx, running).take(chunk.rows)
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
            except Overtaken:
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
    found = tx.imports.get(known.id)
    found.fail(reason, tx.now)
    tx.imports.save(found)


@dataclass
class _Takings:
    """What comes of the rows of one chunk, inside its transaction."""

    tx: PeopleSession
    running: Import
    fresh: list[Person] = field(default_factory=list)
    filled: dict[str, Person] = field(default_factory=dict)

    def take(self, rows: list[Row]) -> list[dict[str, Any]]:
        drafts = {row.line: replace(row.person) for row in rows if row.person is not None}
        holders = self.tx.persons.holders_of([key for draft in drafts.values() for key in _keys(draft)])
        met = [self._meet(row, drafts.get(row.line), holders) for row in rows]
        if not self.running.dry_run:
            self._write()
        warnings = {person.id: self._warning(person) for person in self.fresh}
        return [
            {
                "line": row.line,
                "outcome": outcome,
                "code": person.code or None if person else None,
                "reason": reason,
                "warning": warnings.get(person.id) if person and outcome == "registered" else None,
            }
            for row, (outcome, person, reason) in zip(rows, met, strict=True)
        ]

    def _warning(self, person: Person) -> str | None:
        """Row P2: the probable duplicate of a person who is new, as whoever registers one by hand is warned."""
        look = probable_duplicates if self.running.dry_run else note_duplicates
        likely = look(self.tx, person)
        return warning_of(likely[0][1], likely[0][0].code) if likely else None

    def _meet(self, row: Row, draft: Person | None, holders: dict[str, Person]) -> Met:
        if draft is None:
            return "refused", None, row.reason
        holder = next((holders[key] for key in _keys(draft) if key in holders), None)
        if holder is None:
            self.fresh.append(draft)
            holders.update(dict.fromkeys(_keys(draft), draft))
            return "registered", draft, None
        if self.running.existing == "update" and fill_empty(holder, draft):
            if holder.code:
                self.filled[holder.id] = holder
            return "updated", holder, None
        return "existing", holder, None

    def _write(self) -> None:
        tx = self.tx
        for person, code in zip(self.fresh, tx.persons.next_codes(len(self.fresh)) if self.fresh else (), strict=True):
            person.code = code
            tx.publish(contract.PERSON_REGISTERED, person.id, person.version, **person.announced())
        tx.persons.add_many(self.fresh)
        for person in self.filled.values():
            changed(tx, person)


def _keys(draft: Person) -> list[str]:
    return [key for key in (draft.document_key, draft.source_key) if key]
