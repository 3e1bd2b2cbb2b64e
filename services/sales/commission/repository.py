"""The commission account: rates, entries, closings (row S19)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.chassis import counting
from services.chassis.errors import ConcurrentUpdate, NotFound
from services.chassis.pages import after, cursor_of, moment, page, read_cursor, whole, word
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.commission.model import CLOSED, EARNING, OPEN, PENDING, PRODUCT, Closing, Entry, Rate
from services.sales.commission.totals import Totals
from services.sales.shared.product_codes import product_key
from services.sales.shared.products import KEY, found_by_code, keyed, with_key
from services.sales.shared.records import document_of, record_of
from services.sales.shared.terms import MOST_INSTALMENTS

# The most entries of a person without totals that are read; each closing counts some of them.
MOST_UNCOUNTED = 5_000
NAMESPACE = uuid.UUID("7d1c9a3e-52c4-5f0b-8a67-1b0f3d9c2e45")
NEWEST = [("created_at", -1), ("_id", -1)]
LAST_SET = [("set_at", -1), ("_id", -1)]
LAST_CLOSED = [("closed_at", -1), ("_id", -1)]
OLDEST_EARNED = [("earned_at", 1), ("_id", 1)]
BY_RECEIVABLE = [("receivable_id", 1), ("_id", 1)]

ENTRIES, CLOSINGS, RATES = "commission_entries", "commission_closings", "commission_rates"
INDEXES = (
    Index(ENTRIES, [("person_id", 1), ("status", 1), *NEWEST]),
    Index(ENTRIES, [("person_id", 1), ("status", 1), ("currency", 1), *OLDEST_EARNED]),
    Index(ENTRIES, [("order_id", 1), ("kind", 1), ("status", 1), *BY_RECEIVABLE]),
    Index(ENTRIES, [("receivable_id", 1), ("kind", 1), ("turn", -1)]),
    Index(ENTRIES, [("closing_id", 1), *NEWEST]),
    Index(ENTRIES, [("person_id", 1), ("account", 1), ("_id", 1)]),
    Index(RATES, [("kind", 1), *LAST_SET]),
    Index(RATES, [("kind", 1), (KEY, 1), *LAST_SET]),
)
DERIVED = keyed(RATES)


class Rates:
    """At most one rate for each product and person; if a merge leaves a person with two, the last set counts."""

    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._documents = documents
        self._company = company

    def of_person(self, person_id: str) -> Rate | None:
        found = self._documents.find({"person_id": person_id}, LAST_SET, 1)
        return record_of(found[0], Rate) if found else None

    def of_products(self, codes: Iterable[str]) -> dict[str, Rate]:
        """The rates by the given codes; codes are compared by shared/product_codes.py."""
        found = found_by_code(self._documents, codes, LAST_SET, kind=PRODUCT)
        return {code: record_of(document, Rate) for code, document in found.items()}

    def id_of(self, kind: str, person_or_product: str) -> str:
        """The id of a rate, derived, so that two users who set it at once do not add two."""
        key = product_key(person_or_product) if kind == PRODUCT else person_or_product
        return uuid.uuid5(NAMESPACE, f"{self._company}:{kind}:{key}").hex

    def add(self, rate: Rate) -> None:
        """Raises ConcurrentUpdate("version_changed") if another transaction just added it."""
        try:
            self._documents.insert(with_key(document_of(rate)))
        except DuplicateKeyError as error:
            raise ConcurrentUpdate("version_changed", "O registro foi alterado por outra pessoa.") from error

    def save(self, rate: Rate) -> None:
        rate.version += 1
        self._documents.replace(document_of(rate))

    def get(self, rate_id: str) -> Rate:
        """Raises NotFound("commission_rate_not_found")."""
        found = self._documents.visible.find_one({"_id": rate_id})
        if found is None:
            raise NotFound("commission_rate_not_found", "Percentual de comissão não encontrado.")
        return _rate(found)

    def remove(self, rate_id: str) -> None:
        """Raises NotFound("commission_rate_not_found")."""
        self._documents.delete({"_id": self.get(rate_id).id})

    def page(self, kind: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """The last set first."""
        found = self._documents.visible.find({"kind": kind, **after(cursor, "set_at")}, LAST_SET, limit + 1)
        return page(found, limit, "set_at", _rate)


class Entries:
    """Entries; every write also updates the running totals."""

    def __init__(self, documents: TenantCollection, totals: Totals) -> None:
        self._documents = documents
        self._totals = totals

    def get(self, entry_id: str) -> Entry:
        """Raises NotFound("commission_entry_not_found")."""
        found = self._documents.visible.find_one({"_id": entry_id})
        if found is None:
            raise NotFound("commission_entry_not_found", "Lançamento de comissão não encontrado.")
        return _entry(found)

    def add_many(self, entries: list[Entry]) -> None:
        for entry in entries:
            self._totals.count(entry)
        self._documents.insert_many([document_of(entry) for entry in entries])

    def save(self, entry: Entry) -> None:
        self._totals.count(entry)
        entry.version += 1
        self._documents.replace(document_of(entry))

    def of_receivable(self, receivable_id: str) -> Entry | None:
        """The newest entry of the receivable."""
        found = self._documents.find({"receivable_id": receivable_id, "kind": EARNING}, [("turn", -1)], 1)
        return _entry(found[0]) if found else None

    def unclosed_of(self, order_id: str) -> list[Entry]:
        """The entries of an order that are in no closing yet: at most one of each receivable."""
        where = {"order_id": order_id, "kind": EARNING}
        found = [
            document
            for status in (PENDING, OPEN)
            for document in self._documents.find({**where, "status": status}, BY_RECEIVABLE, MOST_INSTALMENTS)
        ]
        return [_entry(document) for document in found]

    def closed_whole_of(self, order_id: str) -> Entry | None:
        """The closed entry of an order that earned its commission at once."""
        where = {"order_id": order_id, "kind": EARNING, "status": CLOSED, "receivable_id": None}
        found = self._documents.find(where, [("_id", 1)], 1)
        return _entry(found[0]) if found else None

    def payable(self, person_id: str, currency: str, before: dt.datetime, limit: int) -> list[Entry]:
        """Open entries that became payable before a moment, the earliest first."""
        found = self._documents.find(_payable(person_id, currency, before), OLDEST_EARNED, limit)
        return [_entry(document) for document in found]

    def uncounted(self, person_id: str) -> list[Entry]:
        """Entries of an earlier version without totals; the totals count them when they are next saved or closed."""
        found = self._documents.find({"person_id": person_id, "account": None}, [("_id", 1)], MOST_UNCOUNTED)
        return [_entry(document) for document in found]

    def close(self, closing: Closing, before: dt.datetime, entries: Iterable[Entry]) -> None:
        """Closes `entries`, which are all that `payable` gives.

        Raises ConcurrentUpdate("version_changed") if the payable entries changed meanwhile.
        """
        uncounted = False
        for entry in entries:
            uncounted = uncounted or entry.account is None
            entry.status = CLOSED
            self._totals.count(entry)
        fields = {"status": CLOSED, "counted_as": CLOSED, "closing_id": closing.id}
        changes = {"$set": fields, "$inc": {"version": 1}}
        where = _payable(closing.person_id, closing.currency, before)
        if self._documents.update_many(where, changes) != closing.entries:
            raise ConcurrentUpdate("version_changed", "A conta mudou durante o fechamento; tente novamente.")
        if uncounted:
            account = {"$set": {"account": closing.person_id}}
            self._documents.update_many({"closing_id": closing.id, "account": None}, account)

    def page(self, where: Document, limit: int, cursor: str | None, *, counted: bool = False) -> dict[str, Any]:
        """Entries, newest first; `where`: a person and status, or a closing."""
        found = self._documents.visible.find({**where, **after(cursor, "created_at")}, NEWEST, limit + 1)
        shown = page(found, limit, "created_at", _entry)
        return counting.with_count(shown, self._documents.visible, where, NEWEST, asked=counted)

    def items(self, where: Document, limit: int, cursor: str | None) -> dict[str, Any]:
        """As `page`, by item: pairs of an entry and the index of a part. A page may end within an entry."""
        beyond: Document = {}
        last: tuple[str, int] = ("", -1)
        if cursor is not None:
            at, entry_id, number = read_cursor(cursor, moment, word, whole)
            beyond = {"$or": [{"created_at": {"$lt": at}}, {"created_at": at, "_id": {"$lte": entry_id}}]}
            last = (entry_id, number)
        # two more entries than the page: one to know if more follow, one because the first may be used up already
        found = [_entry(one) for one in self._documents.visible.find({**where, **beyond}, NEWEST, limit + 2)]
        rows = [(entry, number) for entry in found for number in range(len(entry.parts))]
        rows = [(entry, number) for entry, number in rows if entry.id != last[0] or number > last[1]]
        shown = rows[:limit]
        more = len(rows) > limit
        following = cursor_of(shown[-1][0].created_at, shown[-1][0].id, shown[-1][1]) if more else None
        return {"items": shown, "next_cursor": following}


class Closings:
    def __init__(self, documents: TenantCollection, numbers: TenantCollection) -> None:
        self._documents = documents
        self._numbers = numbers

    def next_number(self) -> int:
        return self._numbers.take_numbers("commission_closing")[0]

    def get(self, closing_id: str) -> Closing:
        """Raises NotFound("commission_closing_not_found")."""
        found = self._documents.find_one({"_id": closing_id})
        if found is None:
            raise closing_not_found()
        return record_of(found, Closing)

    def add(self, closing: Closing) -> None:
        self._documents.insert(document_of(closing))

    def page(self, person_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """The newest first."""
        found = self._documents.find({"person_id": person_id, **after(cursor, "closed_at")}, LAST_CLOSED, limit + 1)
        return page(found, limit, "closed_at", lambda document: record_of(document, Closing))


def closing_not_found() -> NotFound:
    return NotFound("commission_closing_not_found", "Fechamento não encontrado.")


def _payable(person_id: str, currency: str, before: dt.datetime) -> Document:
    return {"person_id": person_id, "status": OPEN, "currency": currency, "earned_at": {"$lt": before}}


def _entry(found: Document) -> Entry:
    return record_of(found, Entry)


def _rate(found: Document) -> Rate:
    return record_of(found, Rate)
