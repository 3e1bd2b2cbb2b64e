"""Imports of persons: progress, preview, report (row P8)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById
from services.people.imports import contract, rows
from services.people.imports.model.imports import Import
from services.people.session import PeopleSession

Data = dict[str, Any]


@query(takes=ById, gives=contract.Import, needs="people.read", section="addresses", unnarrowed=("category",))
def get_import(session: PeopleSession, data: Data) -> Import:
    return session.imports.get(data["id"])


@query(
    takes=contract.ListImports,
    gives=contract.ImportPage,
    needs="people.read",
    section="addresses",
    unnarrowed=("category",),
)
def list_imports(session: PeopleSession, data: Data) -> Data:
    return session.imports.recent(data["limit"], data["cursor"])


@query(takes=ById, gives=contract.ImportPreview, needs="people.read", section="addresses", unnarrowed=("category",))
def get_import_preview(session: PeopleSession, data: Data) -> Data:
    """Raises Conflict("import_<state>") where the file is not whole, or not kept any more."""
    previewed = session.imports.get(data["id"])
    previewed.reread()
    return rows.preview(session, previewed)


@query(
    takes=contract.GetImportReport,
    gives=contract.ImportReport,
    needs="people.read",
    section="addresses",
    unnarrowed=("category",),
)
def get_import_report(session: PeopleSession, data: Data) -> Data:
    """The outcomes of the lines taken so far."""
    return session.imports.report(session.imports.get(data["id"]), data["first"], contract.REPORT_CHUNKS)
