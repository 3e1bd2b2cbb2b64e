"""The running totals of commission accounts, updated in the transaction of each change of an entry (row S19).

An account is the person for whom entries were written. Merging and unmerging move its totals as they move entries: a
person's balance is the sum of the totals found under the person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from bson.decimal128 import Decimal128

from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.commission.model import CLOSED, OPEN, PENDING, Balance, Entry
from services.sales.shared.amounts import CURRENCIES
from services.sales.shared.shards import shard_of

TOTALS = "commission_totals"
COUNTED = (PENDING, OPEN, CLOSED)
SHARDS = 4
# Totals read at once; a person has those of their own account and of each record merged into theirs.
PAGE_ROWS = 50 * SHARDS * len(CURRENCIES)
BY_PERSON = [("person_id", 1), ("_id", 1)]
INDEXES = (Index(TOTALS, BY_PERSON),)


class Totals:
    """Each entry stores the account and status under which it is counted, so that a change can take it out first."""

    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._documents = documents
        self._company = company
        self._changes: dict[tuple[str, str, int], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))

    def count(self, entry: Entry) -> None:
        """Counts the entry under its present status; in its account, which is its person at first."""
        entry.account = entry.account or entry.person_id
        place = self._changes[(entry.account, entry.currency, shard_of(entry.order_id, SHARDS))]
        if entry.counted_as in COUNTED:
            place[entry.counted_as] -= entry.amount
        if entry.status in COUNTED:
            place[entry.status] += entry.amount
        entry.counted_as = entry.status

    def write(self) -> None:
        """Writes the changed totals by one database command."""
        written = []
        for (account, currency, shard), sums in sorted(self._changes.items()):
            amounts = {status: Decimal128(amount) for status, amount in sums.items() if amount}
            if amounts:
                first = {"person_id": account, "currency": currency}
                written.append((f"{self._company}:{account}:{currency}:{shard}", amounts, first))
        self._documents.increment_many(written)
        self._changes.clear()

    def of_person(self, person_id: str) -> dict[str, Balance]:
        """The balances of a person by currency."""
        return balances_of(self._rows_of(person_id))

    def _rows_of(self, person_id: str) -> Iterator[Document]:
        after = ""
        while found := self._documents.find({"person_id": person_id, "_id": {"$gt": after}}, BY_PERSON, PAGE_ROWS):
            yield from found
            if len(found) < PAGE_ROWS:
                return
            after = found[-1]["_id"]

    def by_person(self, after: str, limit: int) -> tuple[dict[str, dict[str, Balance]], bool]:
        """The balances of at most `limit` visible persons after `after`, by person id; and whether there are more."""
        found = self._documents.visible.find({"person_id": {"$gt": after}}, BY_PERSON, PAGE_ROWS + 1)
        persons = [(person_id, [*rows]) for person_id, rows in groupby(found, lambda row: str(row["person_id"]))]
        cut = len(found) > PAGE_ROWS
        whole = persons[:-1] if cut else persons  # of the last one read there may be more
        if cut and not whole:
            return {person_id: self.of_person(person_id) for person_id, _ in persons}, True
        return {person_id: balances_of(rows) for person_id, rows in whole[:limit]}, cut or len(whole) > limit


def balances_of(rows: Iterable[Document]) -> dict[str, Balance]:
    found: dict[str, Balance] = {}
    for row in rows:
        balance = found.setdefault(row["currency"], Balance())
        balance.add(**{status: _amount(row.get(status)) for status in COUNTED})
    return found


def _amount(value: Any) -> Decimal:
    return value.to_decimal() if isinstance(value, Decimal128) else Decimal(value or 0)
