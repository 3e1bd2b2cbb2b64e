"""Counts and sums that are kept with each change, in its transaction, instead of being counted when asked for.

Changes of one unit of work are gathered and written once, at its end. A document that many writers add to is a place
to wait in line, so totals are spread over several, by the id of what is counted.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128

from services.chassis.mongo import Document, Index, TenantCollection
from services.sales.store.pages import until

SHARDS = 8
PAGE = 5_000
INDEXES = (
    Index("stage_totals", [("stage_id", 1), ("_id", 1)]),
    Index("action_totals", [("day", 1), ("_id", 1)]),
    Index("action_totals", [("user_id", 1), ("day", 1), ("_id", 1)]),
    Index("action_totals", [("stage_id", 1), ("day", 1), ("_id", 1)]),
    Index("action_totals", [("user_id", 1), ("stage_id", 1), ("day", 1), ("_id", 1)]),
)


class StageTotals:
    """How many opportunities stand in a stage, and what they are worth, by currency (row S6)."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents
        self._changes: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        self._sums: dict[tuple[str, int, str], Decimal] = defaultdict(Decimal)

    def change(self, opportunity: Document, by: int) -> None:
        """`by` 1: it now stands in its stage; -1: it does no longer."""
        if opportunity.get("archived_at") is not None:
            return
        place = opportunity["stage_id"], _shard(opportunity["_id"])
        self._changes[place]["count"] += by
        amount: Decimal128 | None = opportunity["amount"]
        if amount is not None:
            self._sums[(*place, opportunity["currency"])] += by * amount.to_decimal()

    def write(self) -> None:
        """A move within one stage that changes nothing writes nothing."""
        for place, counts in sorted(self._changes.items()):
            sums = {key[2]: value for key, value in self._sums.items() if key[:2] == place and value}
            amounts: dict[str, Any] = {f"sums.{currency}": Decimal128(value) for currency, value in sums.items()}
            if counts["count"]:
                amounts["count"] = counts["count"]
            if amounts:
                stage_id, shard = place
                self._documents.increment(f"{stage_id}:{shard}", amounts, {"stage_id": stage_id})
        self._changes.clear()
        self._sums.clear()

    def of(self, stage_id: str) -> tuple[int, dict[str, Decimal]]:
        """The count, and the sums by currency."""
        found = self._documents.find({"stage_id": stage_id}, [("_id", 1)], SHARDS)
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for part in found:
            for currency, amount in part.get("sums", {}).items():
                sums[currency] += amount.to_decimal()
        return sum(part.get("count", 0) for part in found), {c: s for c, s in sums.items() if s}

    def seal(self, stage_id: str) -> None:
        """Touches all that an opportunity entering the stage would touch: one of the two transactions runs again."""
        for shard in range(SHARDS):
            self._documents.put({"_id": f"{stage_id}:{shard}", "stage_id": stage_id, "sealed": True})


class ActionTotals:
    """How many actions a user recorded on a day, in a stage, of a kind, by situation (row S10)."""

    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._documents = documents
        self._company = company
        self._changes: dict[str, tuple[Document, Counter[str]]] = {}

    def change(self, action: Document, by: int) -> None:
        day = action["recorded_on"]
        fixed = {"day": day, "user_id": action["author_id"], "stage_id": action["stage_id"], "kind": action["kind"]}
        key = ":".join((self._company, *fixed.values(), str(_shard(action["_id"]))))
        _, counts = self._changes.setdefault(key, ({**fixed, "user_name": action["author_name"]}, Counter()))
        counts[action["situation"]] += by

    def write(self) -> None:
        for key, (fixed, counts) in sorted(self._changes.items()):
            amounts = {situation: count for situation, count in counts.items() if count}
            if amounts:
                self._documents.increment(key, amounts, fixed)
        self._changes.clear()

    def between(self, since: dt.date, last_day: dt.date, user_id: str | None, stage_id: str | None) -> list[Document]:
        """All counts of a period, read in bounded pages."""
        given = {"user_id": user_id, "stage_id": stage_id}
        where = {name: value for name, value in given.items() if value is not None}
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


def _shard(record_id: str) -> int:
    """The same for a record each time."""
    return zlib.crc32(record_id.encode()) % SHARDS
