"""The rows of an export, page by page (row P8)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.chassis.access.sections import RECORD
from services.chassis.handling.entrypoints import query
from services.people.exports import contract
from services.people.exports.model import to_cells
from services.people.imports.rows import names_of
from services.people.persons.editing import only_category
from services.people.persons.model.search import read_query
from services.people.session import PeopleSession

Data = dict[str, Any]

PAGE = 200


@query(takes=contract.ListExportRows, gives=contract.ExportRows, needs="people.export", section=RECORD, fresh=True)
def list_export_rows(session: PeopleSession, data: Data) -> Data:
    """A page of the persons that `search_persons` would find, each as the cells of one line."""
    search = read_query(data["q"]).within(category=only_category(session))
    page = session.persons.search(search, True, PAGE, data["cursor"])
    persons = page["items"]
    if not session.actor.sees("section", "addresses"):
        persons = [replace(person, addresses=[]) for person in persons]
    names = names_of(session)
    return {"rows": [to_cells(person, names) for person in persons], "next_cursor": page["next_cursor"]}
