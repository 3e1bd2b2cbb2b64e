"""Counts and sums of each stage, updated in the transaction of each change, so that no query counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128

from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.shared.shards import SHARDS, shard_of


class StageTotals:
    """The number of opportunities in each stage, and the sums of their amounts by currency (row S6)."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents
        self._changes: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        self._sums: dict[tuple[str, int, str], Decimal] = defaultdict(Decimal)

    def change(self, opportunity: Document, by: int) -> None:
        """Adds (`by` 1) or takes out (-1) an opportunity, given as its document; archived ones do not count."""
        if opportunity.get("archived_at") is not None:
            return
        place = opportunity["stage_id"], shard_of(opportunity["_id"])
        self._changes[place]["count"] += by
        amount: Decimal128 | None = opportunity["amount"]
        if amount is not None:
            self._sums[(*place, opportunity["currency"])] += by * amount.to_decimal()

    def write(self) -> None:
        """Writes the changes of the session; those that cancel each other out write nothing."""
        written: list[tuple[str, Document, Document]] = []
        for place, counts in sorted(self._changes.items()):
            sums = {key[2]: value for key, value in self._sums.items() if key[:2] == place and value}
            amounts: dict[str, Any] = {f"sums.{currency}": Decimal128(value) for currency, value in sums.items()}
            if counts["count"]:
                amounts["count"] = counts["count"]
            if amounts:
                stage_id, shard = place
                written.append((f"{stage_id}:{shard}", amounts, {"stage_id": stage_id}))
        self._documents.increment_many(written)
        self._changes.clear()
        self._sums.clear()

    def of(self, stage_id: str) -> tuple[int, dict[str, Decimal]]:
        """The count, and the sums by currency."""
        found = self._documents.find({"_id": {"$in": _ids_of(stage_id)}}, [("_id", 1)], SHARDS)
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for part in found:
            for currency, amount in part.get("sums", {}).items():
                sums[currency] += amount.to_decimal()
        return sum(part.get("count", 0) for part in found), {c: s for c, s in sums.items() if s}

    def seal(self, stage_id: str) -> None:
        """Writes all documents of a deleted stage's totals: a transaction that moves an opportunity there conflicts,
        and retries.
        """
        for one in _ids_of(stage_id):
            self._documents.put({"_id": one, "stage_id": stage_id, "sealed": True})


def _ids_of(stage_id: str) -> list[str]:
    return [f"{stage_id}:{shard}" for shard in range(SHARDS)]
