"""Counts of actions for the report, updated in the transaction of each change, so that no query counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.shared.pages import until
from services.sales.shared.shards import shard_of

PAGE = 5_000
INDEXES = (
    Index("action_totals", [("day", 1), ("_id", 1)]),
    Index("action_totals", [("user_id", 1), ("day", 1), ("_id", 1)]),
    Index("action_totals", [("stage_id", 1), ("day", 1), ("_id", 1)]),
    Index("action_totals", [("user_id", 1), ("stage_id", 1), ("day", 1), ("_id", 1)]),
)


class ActionTotals:
    """How many actions a user recorded on a day, in a stage, of a kind, by situation (row S10)."""

    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._documents = documents
        self._company = company
        self._changes: dict[str, tuple[Document, Counter[str]]] = {}

    def change(self, action: Document, by: int) -> None:
        day = action["recorded_on"]
        fixed = {"day": day, "user_id": action["author_id"], "stage_id": action["stage_id"], "kind": action["kind"]}
        key = ":".join((self._company, *fixed.values(), str(shard_of(action["_id"]))))
        _, counts = self._changes.setdefault(key, ({**fixed, "user_name": action["author_name"]}, Counter()))
        counts[action["situation"]] += by

    def write(self) -> None:
        written: list[tuple[str, Document, Document]] = []
        for key, (fixed, counts) in sorted(self._changes.items()):
            amounts: Document = {situation: count for situation, count in counts.items() if count}
            if amounts:
                written.append((key, amounts, fixed))
        self._documents.increment_many(written)
        self._changes.clear()

    def between(self, since: dt.date, last_day: dt.date, user_id: str | None, stage_id: str | None) -> list[Document]:
        """All counts of a period, read in bounded pages."""
        wanted = {"user_id": user_id, "stage_id": stage_id}
        where = {name: value for name, value in wanted.items() if value is not None}
        found: list[Document] = []
        last: list[Document] | None = None
        day = {"$gte": since.isoformat(), "$lt": until(last_day)}
        while last is None or len(last) == PAGE:
            after: Document = {}
            if last:
                a, b = last[-1]["day"], last[-1]["_id"]
                after = {"$or": [{"day": {"$gt": a}}, {"day": a, "_id": {"$gt": b}}]}
            last = self._documents.find({**where, "day": day, **after}, [("day", 1), ("_id", 1)], PAGE)
            found += last
        return found
