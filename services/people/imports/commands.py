"""The user's commands on an import of persons (row P8): upload, corrections, start, cancel."""

from __future__ import annotations

from itertools import chain
from typing import Any

from services.chassis.csv_text import detect_encoding, read_header
from services.chassis.handling.entrypoints import command
from services.chassis.schemas import ById
from services.people.imports import contract
from services.people.imports.model.imports import Import, refuse_more
from services.people.imports.model.layouts import known_columns
from services.people.session import PeopleSession

Data = dict[str, Any]


@command(
    takes=contract.BeginImport,
    gives=contract.Import,
    needs="people.write",
    section="addresses",
    unnarrowed=("category",),
)
def begin_import(tx: PeopleSession, data: Data) -> Import:
    """Begins an upload; the parts follow by add_import_part. Raises Conflict("imports_full")."""
    tx.one_at_a_time("imports")
    refuse_more(tx.imports.count_open())
    begun = Import.begin(tx.new_id(), tx.company, data["name"], data["size"], tx.actor, tx.now)
    tx.imports.add(begun)
    return begun


@command(
    takes=contract.AddImportPart,
    gives=contract.PartReceived,
    needs="people.write",
    section="addresses",
    unnarrowed=("category",),
)
def add_import_part(tx: PeopleSession, data: Data) -> Import:
    """Raises Conflict("import_part_unexpected")."""
    receiving = tx.imports.get(data["id"])
    receiving.receive(data["number"], len(data["data"]))
    tx.imports.add_part(receiving.id, data["number"], data["data"])
    tx.imports.save(receiving)
    return receiving


@command(takes=ById, gives=contract.Import, needs="people.write", section="addresses", unnarrowed=("category",))
def recognise_import(tx: PeopleSession, data: Data) -> Import:
    """After the last part: recognises encoding, separator and columns; raises Invalid("import_file_unreadable")."""
    uploaded = tx.imports.get(data["id"])
    _recognise(tx, uploaded, None, None)
    tx.imports.save(uploaded)
    return uploaded


@command(
    takes=contract.ChangeImport,
    gives=contract.Import,
    needs="people.write",
    section="addresses",
    unnarrowed=("category",),
)
def change_import(tx: PeopleSession, data: Data) -> Import:
    """Raises Invalid("import_mapping_invalid"), Conflict("import_<state>") once it has begun."""
    changed = tx.imports.get(data["id"])
    if "encoding" in data or "separator" in data:
        _recognise(tx, changed, data.get("encoding", changed.encoding), data.get("separator"))
    changed.choose(data["columns"], data["existing"], data["category"])
    tx.imports.save(changed)
    return changed


@command(
    takes=contract.StartImport,
    gives=contract.Import,
    needs="people.write",
    section="addresses",
    unnarrowed=("category",),
    fresh=True,
)
def start_import(tx: PeopleSession, data: Data) -> Import:
    """Makes the import due; a job takes it up within a second."""
    started = tx.imports.get(data["id"])
    started.start(data["dry_run"], tx.now)
    tx.imports.save(started)
    return started


@command(takes=ById, gives=contract.Import, needs="people.write", section="addresses", unnarrowed=("category",))
def cancel_import(tx: PeopleSession, data: Data) -> Import:
    """Cancels an import. A chunk that is being taken is stored as a whole or not at all; later rows are not taken."""
    cancelled = tx.imports.get(data["id"])
    cancelled.cancel(tx.now)
    tx.imports.save(cancelled)
    return cancelled


def _recognise(tx: PeopleSession, read: Import, encoding: str | None, separator: str | None) -> None:
    read.require_whole_file()
    chunks = tx.imports.bytes_from(read, 0)
    sample = next(chunks, b"")
    encoding = encoding or detect_encoding(sample)
    read.recognised(encoding, read_header(chain([sample], chunks), encoding, separator, known_columns))
