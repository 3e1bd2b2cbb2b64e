"""A chunk of an import (row P8): every row registered, found or refused; written in bulk, all or nothing."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command
from services.chassis.errors import Invalid
from services.chassis.schemas import load
from services.people import contract
from services.people.domain import Person
from services.people.store import PeopleSession

Line = dict[str, Any]


@command(takes=contract.ImportPersons, gives=contract.ImportReport, needs="people.write")
def import_persons(tx: PeopleSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row P8: each row registered, found, or refused with its reason; a chunk is all or nothing."""
    return {"lines": _outcomes(tx, data["rows"])}


def _outcomes(tx: PeopleSession, rows: list[dict[str, Any]]) -> list[Line]:
    drafts = [_draft(tx, row) for row in rows]
    fresh: list[Person] = []
    seen: dict[str, str] = {}
    lines = []
    for row, draft in zip(rows, drafts, strict=True):
        if isinstance(draft, Invalid):
            lines.append(_line(row, "refused", None, _reason(draft)))
            continue
        holder = _holder(tx, draft, seen)
        if holder is None:
            fresh.append(draft)
            seen.update({key: draft.id for key in (draft.source_key, draft.document_key) if key})
        lines.append(_line(row, "existing" if holder else "registered", holder or draft.id, None))
    _add(tx, fresh)
    return lines


def _holder(tx: PeopleSession, draft: Person, seen: dict[str, str]) -> str | None:
    """The id of who has the row's document or import key: an earlier row of this chunk, or a person."""
    for key in filter(None, (draft.source_key, draft.document_key)):
        known = tx.persons.holder_of(key)
        if key in seen or known is not None:
            return known.id if known else seen[key]
    return None


def _add(tx: PeopleSession, fresh: list[Person]) -> None:
    if not fresh:
        return
    for person, code in zip(fresh, tx.persons.next_codes(len(fresh)), strict=True):
        person.code = code
        tx.publish(contract.PERSON_REGISTERED, person.id, person.version, **person.announced())
    tx.persons.add_many(fresh)


def _draft(tx: PeopleSession, row: dict[str, Any]) -> Person | Invalid:
    try:
        data = load(contract.RegisterPerson, row.get("person"))
        return Person.register(id=tx.new_id(), code=0, data=data, now=tx.now)
    except Invalid as refusal:
        return refusal


def _line(row: dict[str, Any], outcome: str, person_id: str | None, reason: str | None) -> Line:
    return {"line": row.get("line", 0), "outcome": outcome, "person_id": person_id, "reason": reason}


def _reason(refusal: Invalid) -> str:
    fields = refusal.params.get("fields")
    return f"{refusal.detail} ({', '.join(sorted(fields))})" if fields else refusal.detail
