"""One company's view of a database.

A `Tenant` adds its company to every filter and insert, or compares the company of what it found by `_id` (scope.py), so
no query crosses companies. No business word enters here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import Any, Protocol

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.chassis.storage import reading
from services.chassis.storage.cached_rows import Cache, CachedRows
from services.chassis.storage.changes import LAST_CHANGE, next_version
from services.chassis.storage.expected_version import ExpectedVersion, concurrent_update
from services.chassis.storage.rows import Document, Fields, Keys, Rows, without_hidden
from services.chassis.storage.scope import Scope, by_id, names_one, names_some
from services.chassis.storage.series import Series, drawn
from services.chassis.storage.transaction import (
    DUPLICATE_KEY,
    MOST_WRITES,
    Refusal,
    Transaction,
    Write,
    deletion,
    increment_of,
    insertion,
    update,
)


class TenantCollection:
    """One company's rows of a collection, inside one transaction or none.

    `later=True`: inside a transaction the write waits, and is sent with others (transaction.py); it raises then.
    """

    def __init__(
        self,
        collection: Collection[Document],
        company: str,
        transaction: Transaction | None,
        series: Series | None = None,
    ) -> None:
        self._collection = collection
        self._company = company
        self._transaction = transaction
        self._series = series or Series()
        self.visible_rows: Rows | None = None
        # Set by Tenant.collection, which explains them.
        self.touched: set[str] = set()
        self.expected: ExpectedVersion | None = None
        self.signature: Document | None = None
        # By `_id` of the records read here: who changed them last.
        self.last_changes: dict[str, Document] = {}

    # Made at the first query: a session opens many collections, and queries few.
    _scope = cached_property(lambda self: Scope(self._company))

    @property
    def visible(self) -> Rows:
        """The rows that the user may see (access/row_visibility.py); all rows where nothing is hidden from anybody."""
        return self.visible_rows or self

    @property
    def _session(self) -> ClientSession | None:
        """The driver's session for a command that is sent now; the waiting writes are sent before it."""
        return self._transaction.session_for_command() if self._transaction is not None else None

    @property
    def _write_session(self) -> ClientSession | None:
        self.touched.add(self._collection.name)
        return self._session

    def _send_later(self, *writes: Write) -> bool:
        """Adds the writes to the transaction's waiting ones; False outside of a transaction."""
        if self._transaction is not None:
            self.touched.add(self._collection.name)
            self._transaction.add(*writes)
        return self._transaction is not None

    def _scoped(self, where: Mapping[str, Any]) -> Document:
        return self._scope.of(where)

    def find_one(self, where: Mapping[str, Any]) -> Document | None:
        scoped = by_id(where) if names_one(where) else self._scoped(where)
        found = self._collection.find_one(scoped, session=self._session)
        if found is None or not self._scope.owns(found):
            return None
        if self._transaction is not None:
            self._scope.note_read(found)
        return self._read(found)

    def find(self, where: Mapping[str, Any], sort: Keys, limit: int, fields: Fields = None) -> list[Document]:
        """At most `limit` documents in the order `sort`, which needs an index; with `fields` only those fields."""
        compared = names_some(where, limit)
        scoped = by_id(where) if compared else self._scoped(where)
        read = None if fields is None else ["_id", *fields, *(["company"] if compared else [])]
        found = reading.find(self._collection, scoped, sort, limit, read, self._session)
        return [self._read(document) for document in found if not compared or self._scope.owns(document)]

    def _read(self, document: Document) -> Document:
        if self.expected is not None:
            self.expected.compare(document)
        if LAST_CHANGE in document:
            self.last_changes[document["_id"]] = {LAST_CHANGE: document[LAST_CHANGE]}
        return without_hidden(document)

    def insert(self, document: Document, *, later: bool = False, taken: Refusal | None = None) -> None:
        """Raises pymongo's DuplicateKeyError where a unique index refuses; with `later`, `taken()`, if given."""
        stamped = {**document, "company": self._company}
        if not (later and self._send_later(insertion(self._collection, stamped, taken))):
            self._collection.insert_one(stamped, session=self._write_session)

    def replace(self, document: Document, *, later: bool = False) -> None:
        """Writes the next version; raises ConcurrentUpdate("version_changed") when another writer was first."""
        was, fresh = self._scope.before(document["_id"]), self._scope.has_read(document["_id"], document["version"] - 1)
        change = {"$set": next_version(document, was, fresh, self.signature)}
        where = self._scope.in_version(document["_id"], document["version"] - 1)
        self._scope.note_written(document["_id"])
        if later and self._send_later(update(self._collection, where, change, unmet=concurrent_update)):
            return
        if self._collection.update_one(where, change, session=self._write_session).matched_count != 1:
            raise concurrent_update()

    def replace_many(self, documents: Sequence[Document]) -> None:
        """`replace` for many documents, by one command; raises where another writer was first at one of them."""
        if not documents:
            return
        writes = [
            UpdateOne(
                self._scoped({"_id": document["_id"], "version": document["version"] - 1}),
                {"$set": {k: v for k, v in document.items() if k not in ("_id", "company")}},
            )
            for document in documents
        ]
        if self._collection.bulk_write(writes, session=self._write_session).matched_count != len(writes):
            raise concurrent_update()

    def insert_many(self, documents: Sequence[Document], *, later: bool = False) -> None:
        stamped = [{**document, "company": self._company} for document in documents]
        may_wait = later and len(stamped) <= MOST_WRITES
        if stamped and not (may_wait and self._send_later(*(insertion(self._collection, one) for one in stamped))):
            self._collection.insert_many(stamped, session=self._write_session)

    def insert_new(self, documents: Sequence[Document]) -> list[Document]:
        """Inserts the documents whose `_id` does not exist yet, and returns them. Outside of a transaction only."""
        stamped = [{**document, "company": self._company} for document in documents]
        if not stamped:
            return []
        try:
            self._collection.insert_many(stamped, ordered=False, session=self._write_session)
        except BulkWriteError as refused:
            errors = refused.details["writeErrors"]
            if refused.details.get("writeConcernErrors") or any(error["code"] != DUPLICATE_KEY for error in errors):
                raise
            existing = {error["index"] for error in errors}
            return [document for index, document in enumerate(documents) if index not in existing]
        return list(documents)

    def put(self, document: Document) -> None:
        """Inserts or overwrites by _id."""
        where, change = self._by_id(document)
        self._scope.note_written(document["_id"])
        self._collection.update_one(where, change, upsert=True, session=self._write_session)

    def put_newer(self, document: Document, by: str) -> None:
        """Inserts or overwrites by `_id`, unless the stored document's field `by` is at least as high. Outside of a
        transaction only. A document with 1 is usually new, and an insert costs half of an upsert."""
        where, change = self._by_id(document)
        with suppress(DuplicateKeyError):  # it exists
            if document[by] == 1:
                self.insert(document)
                return
        with suppress(DuplicateKeyError):  # the stored one is newer
            older = {**where, by: {"$lt": document[by]}}
            self._collection.update_one(older, change, upsert=True, session=self._write_session)

    def put_newer_many(self, documents: Sequence[Document], by: str) -> None:
        """`put_newer` for many, by one command for the new documents. Outside of a transaction only."""
        if len(documents) == 1:
            return self.put_newer(documents[0], by)
        stamped = [{**document, "company": self._company} for document in documents]
        if not stamped:
            return None
        try:
            self._collection.insert_many(stamped, ordered=False, session=self._write_session)
        except BulkWriteError as refused:
            for error in refused.details["writeErrors"]:
                if error["code"] != DUPLICATE_KEY:
                    raise
                self.put_newer(documents[error["index"]], by)

    def _by_id(self, document: Document) -> tuple[Document, Document]:
        fields = {k: v for k, v in document.items() if k not in ("_id", "company")}
        return self._scoped({"_id": document["_id"]}), {"$set": fields, "$setOnInsert": {"company": self._company}}

    def discard(self, where: Mapping[str, Any]) -> None:
        """Deletes one document, if it exists, without telling whether it did; in a transaction the write waits."""
        if not self._send_later(deletion(self._collection, self._scoped(where))):
            self.delete(where)

    def amend(self, record_id: str, changes: Mapping[str, Any]) -> None:
        """Updates one record, if it exists, without telling whether it did; in a transaction the write waits."""
        where = self._scoped({"_id": record_id})
        self._scope.note_written(record_id)
        if not self._send_later(update(self._collection, where, dict(changes))):
            self._collection.update_one(where, changes, session=self._write_session)

    def delete(self, where: Mapping[str, Any]) -> bool:
        return self._collection.delete_one(self._scoped(where), session=self._session).deleted_count == 1

    def update_many(self, where: Mapping[str, Any], changes: Mapping[str, Any]) -> int:
        """Returns how many documents matched; `changes` is a MongoDB update ($set, $unset)."""
        self._scope.note_written()
        return self._collection.update_many(self._scoped(where), changes, session=self._write_session).matched_count

    def delete_many(self, where: Mapping[str, Any]) -> int:
        """Returns how many documents were deleted."""
        return self._collection.delete_many(self._scoped(where), session=self._session).deleted_count

    def increment(self, record_id: str, amounts: Mapping[str, Any], first: Document | None = None) -> bool:
        """Adds to a record's numbers, by path. One that does not exist is made with `first`, if given; then False."""
        where, update = self._scoped({"_id": record_id}), increment_of(amounts, self._company, first)
        self._scope.note_written(record_id)
        result = self._collection.update_one(where, update, upsert=first is not None, session=self._write_session)
        return result.matched_count == 1

    def increment_many(self, changes: Sequence[tuple[str, Mapping[str, Any], Document]]) -> None:
        """`increment` for several records: id, amounts and `first` of each. In a transaction the writes wait."""
        updates = [(self._scoped({"_id": one}), increment_of(adds, self._company, new)) for one, adds, new in changes]
        if updates and not self._send_later(*(update(self._collection, *one, upsert=True) for one in updates)):
            writes = [UpdateOne(where, change, upsert=True) for where, change in updates]
            self._collection.bulk_write(writes, session=self._write_session)

    def take_numbers(self, name: str, count: int = 1) -> list[int]:
        """The next numbers of a series, from 1, drawn outside of the transaction (series.py); take them last in it."""
        series = (self._collection.full_name, f"{self._company}:{name}")
        draw = partial(drawn, self._collection, self._company, series[1])
        return self._series.take(series, count, draw, self._unit)

    @property
    def _unit(self) -> ClientSession | None:
        return self._transaction.session if self._transaction is not None else None

    def next_numbers(self, name: str, count: int = 1) -> range:
        """The next numbers of a series, from 1, drawn inside the transaction: no gaps, but they make it conflict."""
        where = {"_id": f"{self._company}:{name}"}
        update = {"$inc": {"value": count}, "$setOnInsert": {"company": self._company}}
        self._collection.update_one(where, update, upsert=True, session=self._write_session)
        found = self._collection.find_one(where, session=self._session) or {}
        return range(int(found["value"]) - count + 1, int(found["value"]) + 1)


class Collections(Protocol):
    """Gives the collections with the rows of all companies (database.py)."""

    cache: Cache
    series: Series

    def collection(self, name: str) -> Collection[Document]: ...


class Tenant:
    """One company's view of a database, bound to a transaction or to none."""

    def __init__(self, database: Collections, company: str, transaction: Transaction | None) -> None:
        self._database = database
        self._transaction = transaction
        self.company = company
        # To be set before any collection is opened: the version that the command's caller expects; who changes records,
        # and when. `touched`: the names of the collections written to.
        self.expected: ExpectedVersion | None = None
        self.signature: Document | None = None
        self.touched: set[str] = set()

    def collection(self, name: str) -> TenantCollection:
        rows = TenantCollection(self._database.collection(name), self.company, self._transaction, self._database.series)
        rows.expected, rows.signature, rows.touched = self.expected, self.signature, self.touched
        return rows

    def cached(self, name: str) -> CachedRows:
        """The cached rows of a collection, a few seconds old at most, read outside of the transaction."""
        outside = TenantCollection(self._database.collection(name), self.company, None, self._database.series)
        return CachedRows(outside, (name, self.company), self._database.cache)

    @property
    def in_transaction(self) -> bool:
        return self._transaction is not None

    def of(self, company: str) -> Tenant:
        """Another company's view in the same transaction: for the service that stores the installation's records."""
        return Tenant(self._database, company, self._transaction)
