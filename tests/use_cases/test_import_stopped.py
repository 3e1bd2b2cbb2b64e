"""Row P8: an import that its user cancels while the job reads its file is cancelled, and not failed; a chunk ends
though its file has no rows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from services.chassis.csv_text import read_header
from services.chassis.process.runtime import Runtime
from services.people.imports.jobs import Importer
from services.people.imports.model.imports import Import
from services.people.imports.rows import MOST_SEARCHED, preview
from services.people.session import INDEXES, PeopleSession
from tests.support.fakes.memory import Memory

RAW = b"nome\nAna\n"


def running(tx: PeopleSession, raw: bytes = RAW) -> Import:
    made = Import.begin(tx.new_id(), tx.company, "x.csv", len(raw), tx.actor, tx.now)
    made.receive(0, len(raw))
    made.recognised("utf-8", read_header(iter([raw]), "utf-8"))
    made.start(False, tx.now)
    tx.imports.add(made)
    tx.imports.add_part(made.id, 0, raw)
    return made


def cancel(tx: PeopleSession, import_id: str) -> None:
    found = tx.imports.get(import_id)
    found.cancel(tx.now)
    tx.imports.save(found)


def importer_on(memory: Memory) -> Importer:
    database = SimpleNamespace(transact=lambda work, *_: work(None))
    runtime: Any = SimpleNamespace(
        database=database, session_for=lambda *_: memory.session(), hand_over=lambda _: None
    )  # fmt: skip
    return Importer(cast(Runtime, runtime))


def test_a_cancelled_import_whose_file_is_gone_under_the_job_stays_cancelled() -> None:
    memory = Memory(PeopleSession, INDEXES)
    known: Import = memory.run(running)
    memory.run(lambda tx: cancel(tx, known.id))
    importer_on(memory)._next(known)
    after: Import = memory.read(lambda tx: tx.imports.get(known.id))
    assert (after.state, after.failure) == ("cancelled", None)


def test_a_running_import_whose_file_is_gone_fails_and_says_so() -> None:
    memory = Memory(PeopleSession, INDEXES)
    known: Import = memory.run(running)
    memory.collection("import_parts").delete_many({"import_id": known.id})
    importer_on(memory)._next(known)
    after: Import = memory.read(lambda tx: tx.imports.get(known.id))
    assert (after.state, after.failure) == ("failed", "O arquivo desta importação não está mais guardado.")


def test_a_chunk_ends_among_blank_lines_and_the_next_one_goes_on_behind_them() -> None:
    memory = Memory(PeopleSession, INDEXES)
    blank = 2 * MOST_SEARCHED + 5
    raw = b"nome\nAna\n" + b";\n" * blank + "Zoé\n".encode()
    known: Import = memory.run(lambda tx: running(tx, raw))
    importer, current, places = importer_on(memory), known, []
    while (following := importer._next(current)) is not None:
        current = following
        places.append(current.line)
    after: Import = memory.read(lambda tx: tx.imports.get(known.id))
    assert places == [2 + MOST_SEARCHED, 2 + 2 * MOST_SEARCHED]
    assert (after.state, after.counts["registered"], after.line) == ("done", 2, 4 + blank)


def test_a_preview_of_blank_lines_ends() -> None:
    memory = Memory(PeopleSession, INDEXES)
    known: Import = memory.run(lambda tx: running(tx, b"nome\n" + b"\n" * 2 * MOST_SEARCHED + b"Ana\n"))
    shown = memory.read(lambda tx: preview(tx, known))
    assert (shown["checked"], shown["rows"]) == (0, [])
