"""Actions, and the report's totals that follow every write."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from services.chassis import counting
from services.chassis.errors import NotFound
from services.chassis.pages import after, day, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.actions.model import PENDING, Action
from services.sales.actions.totals import ActionTotals
from services.sales.shared.pages import beyond, until

INDEXES = (
    Index("actions", [("opportunity_id", 1), ("recorded_at", -1), ("_id", -1)]),
    Index("actions", [("opportunity_id", 1), ("situation", 1), ("due_on", 1), ("_id", 1)]),
    Index("actions", [("situation", 1), ("due_on", 1), ("_id", 1)]),
    Index("actions", [("situation", 1), ("assignee_id", 1), ("due_on", 1), ("_id", 1)]),
)
BY_DUE_DAY = [("due_on", 1), ("_id", 1)]
NO_DATE = ""
DATES = ("due_on", "recorded_on")


class Actions:
    def __init__(self, documents: TenantCollection, totals: ActionTotals) -> None:
        self._documents = documents
        self._totals = totals

    def get(self, action_id: str) -> Action:
        """Raises NotFound("action_not_found")."""
        found = self._documents.visible.find_one({"_id": action_id})
        if found is None:
            raise NotFound("action_not_found", "Ação não encontrada.")
        return _action(found)

    def add(self, action: Action) -> None:
        document = _document(action)
        self._documents.insert(document)
        self._totals.change(document, 1)

    def save(self, action: Action, was: str) -> None:
        """`was`: the situation before."""
        action.version += 1
        document = _document(action)
        self._documents.replace(document)
        self._totals.change({**document, "situation": was}, -1)
        self._totals.change(document, 1)

    def delete_of(self, opportunity_id: str) -> None:
        """Deletes the actions; their totals stay, for the report tells what was done."""
        self._documents.delete_many({"opportunity_id": opportunity_id})

    def next_due(self, opportunity_id: str) -> dt.date | None:
        """The earliest date of the pending actions."""
        where = {"opportunity_id": opportunity_id, "situation": PENDING, "due_on": {"$gt": NO_DATE}}
        found = self._documents.find(where, [("due_on", 1), ("_id", 1)], 1)
        return _action(found[0]).due_on if found else None

    def to_do(self, opportunity_id: str, limit: int) -> list[Action]:
        """The pending actions: undated ones first, then the earliest."""
        where = {"opportunity_id": opportunity_id, "situation": PENDING}
        return [_action(found) for found in self._documents.find(where, [("due_on", 1), ("_id", 1)], limit)]

    def of_opportunity(self, opportunity_id: str, limit: int, cursor: str | None) -> Document:
        where = {"opportunity_id": opportunity_id, **after(cursor, "recorded_at")}
        found = self._documents.find(where, [("recorded_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "recorded_at", _action)

    def pending(
        self,
        assignee: Document,
        last: dt.date | None,
        undated: bool,
        limit: int,
        cursor: str | None,
        *,
        counted: bool = False,
    ) -> Document:
        """`assignee`: {} for everybody's, else {"assignee_id": ...}."""
        due: Any = {"$gt": NO_DATE} if last is None else {"$gt": NO_DATE, "$lt": until(last)}
        where = {"situation": PENDING, **assignee, "due_on": NO_DATE if undated else due}
        asked = {**where, **beyond(cursor, "due_on", 1, day)}
        shown = page(self._documents.visible.find(asked, BY_DUE_DAY, limit + 1), limit, "due_on", _action)
        return counting.with_count(shown, self._documents.visible, where, BY_DUE_DAY, asked=counted)


def _document(action: Action) -> Document:
    fields = asdict(action)
    for name in DATES:
        fields[name] = NO_DATE if fields[name] is None else fields[name].isoformat()
    return {"_id": fields.pop("id"), **fields}


def _action(found: Document) -> Action:
    days = {name: None if found[name] == NO_DATE else dt.date.fromisoformat(found[name]) for name in DATES}
    return as_record(found, Action, **days)
