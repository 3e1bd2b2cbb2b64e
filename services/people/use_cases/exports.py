"""Taking persons away in bulk (row P8): sensitive, so it has a permission of its own and leaves a record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.errors import Forbidden
from services.chassis.sections import RECORD
from services.people import contract
from services.people.domain import read_query
from services.people.domain.export_cells import to_cells
from services.people.store import PeopleSession
from services.people.use_cases.editing import only_category
from services.people.use_cases.import_rows import names_of

Data = dict[str, Any]
PAGE = 200


@command(takes=contract.BeginExport, gives=contract.ExportBegun, needs="people.export", section=RECORD, fresh=True)
def begin_export(tx: PeopleSession, data: Data) -> Data:
    """Recorded before the first row leaves: who, when, and whether it was filtered.

    Raises Forbidden("permission_missing") for who may not even read one person.
    """
    if not tx.actor.holds("people.read"):
        raise Forbidden("permission_missing", "Você não tem permissão para esta ação.", permission="people.read")
    export_id = tx.new_id()
    tx.exports.add(export_id, tx.actor.id, tx.actor.name, bool(data["q"]), tx.now)
    return {"id": export_id}


@query(takes=contract.ListExportRows, gives=contract.ExportRows, needs="people.export", section=RECORD, fresh=True)
def list_export_rows(session: PeopleSession, data: Data) -> Data:
    """A page of the persons that `search_persons` would find, each as the cells of one line."""
    asked = read_query(data["q"]).within(category=only_category(session))
    found = session.persons.search(asked, True, PAGE, data["cursor"])
    persons = found["items"]
    if not session.actor.sees("section", "addresses"):
        persons = [replace(person, addresses=[]) for person in persons]
    names = names_of(session)
    return {"rows": [to_cells(person, names) for person in persons], "next_cursor": found["next_cursor"]}
