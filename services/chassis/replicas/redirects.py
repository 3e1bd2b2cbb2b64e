"""Redirections: the rows of a record follow it to another record (a merge), and return when the redirection ends.

The service that owns the record announces where it leads; each subscriber stores that in `redirects` and keeps one
invariant: a row names the record to which the id that it was written for leads. The invariant depends on the
redirections only, so events may come twice, late, or in another order. New rows are redirected when they are inserted,
by the process's cache (replicas/redirect_cache.py); a second pass, when every transaction begun before has ended, moves
the rows that the cache missed. No business word enters here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from services.chassis.personal_data.inventory import Holding
from services.chassis.replicas.redirect_cache import RedirectCache
from services.chassis.storage.database import Database
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document, Fields, Keys
from services.chassis.storage.tenant import Tenant, TenantCollection
from services.chassis.storage.transaction import Refusal

COLLECTION = "redirects"
INDEX = Index(COLLECTION, [("to", 1), ("_id", 1)])
# How many redirections one read returns.
POINTERS_PAGE = 500


class Redirects:
    """The redirections that this service stores."""

    def __init__(
        self,
        documents: TenantCollection,
        tenant: Tenant,
        inventory: Sequence[Holding],
        pointers: RedirectCache | None = None,
    ) -> None:
        """`pointers`: the process's cache; without it every redirection is read."""
        self._documents = documents
        self._tenant = tenant
        self._inventory = inventory
        self._pointers = pointers
        self._known: dict[str, str | None] = {}

    def current(self, record_id: str) -> str:
        """The id at the end of the redirects from `record_id`: itself where there is none."""
        path: list[str] = []
        target: str | None = record_id
        while target is not None and target not in path:
            path.append(target)
            target = self._next(target)
        return path[-1]

    def mark_target(self, record_id: str) -> None:
        """Notes that a row which follows names this record, so that the record itself is not redirected.

        The row may be about to be moved; then `second_pass` finds the rows that are written for the record meanwhile.
        """
        self._known.setdefault(record_id, None)

    def leads_nowhere(self, record_id: str) -> bool:
        """Whether it is known here that the record is not redirected (`mark_target`, `prefetch`)."""
        return record_id in self._known and self._known[record_id] is None

    def prefetch(self, record_ids: Iterable[str]) -> None:
        """Reads the redirections of several records at once; `current` then needs no read for those without any."""
        unknown = sorted({record_id for record_id in record_ids if record_id not in self._known})
        if unknown:
            found = self._documents.find({"_id": {"$in": unknown}}, (), len(unknown))
            self._known.update(dict.fromkeys(unknown) | {pointer["_id"]: pointer["to"] for pointer in found})

    def cached_current(self, record_id: str) -> str:
        """`current` by the process's cache (replicas/redirect_cache.py): for rows that the second pass corrects."""
        if record_id in self._known:
            return self.current(record_id)
        leads = self._cached()
        if leads is None:
            return self.current(record_id)
        path = [record_id]
        while (target := leads.get(path[-1])) is not None and target not in path:
            path.append(target)
        return path[-1]

    def prefetch_unless_cached(self, record_ids: Iterable[str]) -> None:
        """`learn` for the `cached_current` of each, where the process does not know the redirections."""
        if self._cached() is None:
            self.prefetch(record_ids)

    def _cached(self) -> Mapping[str, str] | None:
        return self._pointers.of(self._tenant.company, self._committed) if self._pointers is not None else None

    def _committed(self, limit: int) -> Sequence[Document]:
        """Reads outside of the transaction, since other sessions share the cache."""
        return Tenant(self._tenant._database, self._tenant.company, None).collection(COLLECTION).find({}, [], limit)

    def point(self, record_id: str, to: str | None, sequence: int, look_again_at: dt.datetime) -> None:
        """Redirects the record to `to`, or (None) ends its redirection, from the record's version `sequence` on; an
        older version changes nothing. `look_again_at` (UTC): when the second pass is due."""
        pointer = {"_id": record_id, "to": to, "sequence": sequence, "next_at": look_again_at}
        self._documents.put_newer(pointer, by="sequence")
        self.forget()
        self.follow(record_id)

    def forget(self) -> None:
        """Invalidates the process's cache for the company."""
        if self._pointers is not None:
            self._pointers.forget(self._tenant.company)

    def follow(self, record_id: str) -> int:
        """Moves the rows of the record, and of all records that lead to it, to where they lead now; returns the number
        of rows that were moved for the first time."""
        moved = 0
        followers = [(one, self._tenant.collection(one.collection)) for one in self._inventory if one.follows]
        for member in self.members(record_id):
            target = None
            while target != (leads := self._fresh(member)):  # another event may have changed it meanwhile
                target = leads
                for holding, rows in followers:
                    moved += _move(rows, holding, member, target)
        return moved

    def members(self, record_id: str) -> list[str]:
        """The record and every record that leads to it, directly or through others."""
        members, visited = [record_id], {record_id}
        for member in members:
            for pointer in self._pointing_to(member):
                if pointer not in visited:
                    visited.add(pointer)
                    members.append(pointer)
        return members

    def _pointing_to(self, record_id: str) -> Iterator[str]:
        where: Document = {"to": record_id}
        while pointers := self._documents.find(where, [("_id", 1)], POINTERS_PAGE):
            yield from (pointer["_id"] for pointer in pointers)
            where = {"to": record_id, "_id": {"$gt": pointers[-1]["_id"]}}

    def _fresh(self, record_id: str) -> str:
        self._known.clear()
        return self.current(record_id)

    def _next(self, record_id: str) -> str | None:
        if record_id not in self._known:
            pointer = self._documents.find_one({"_id": record_id})
            self._known[record_id] = pointer["to"] if pointer else None
        return self._known[record_id]


def _move(rows: TenantCollection, holding: Holding, member: str, target: str) -> int:
    by, origin = holding.by, holding.origin
    if member == target:
        return rows.update_many({origin: member}, {"$set": {by: member}, "$unset": {origin: ""}})
    moved = rows.update_many({by: member, origin: None}, {"$set": {by: target, origin: member}})
    rows.update_many({origin: member}, {"$set": {by: target}})
    return moved


class Following(TenantCollection):
    """A collection whose rows follow: they are written for the record to which an id leads, and found by both ids."""

    def __init__(self, plain: TenantCollection, holding: Holding, redirects: Callable[[], Redirects]) -> None:
        super().__init__(plain._collection, plain._company, plain._transaction, plain._series)
        self._holding = holding
        self._redirects = redirects

    def _redirected(self, document: Document) -> Document:
        written_for = document[self._holding.by]
        target = self._redirects().cached_current(written_for)
        if target == written_for:
            return document
        return {**document, self._holding.by: target, self._holding.origin: written_for}

    def insert(self, document: Document, *, later: bool = False, taken: Refusal | None = None) -> None:
        super().insert(self._redirected(document), later=later, taken=taken)

    def insert_many(self, documents: Sequence[Document], *, later: bool = False) -> None:
        super().insert_many([self._redirected(document) for document in documents], later=later)

    def insert_new(self, documents: Sequence[Document]) -> list[Document]:
        self._redirects().prefetch_unless_cached([document[self._holding.by] for document in documents])
        return super().insert_new([self._redirected(document) for document in documents])

    def put(self, document: Document) -> None:
        super().put(self._redirected(document))

    def put_newer(self, document: Document, by: str) -> None:
        super().put_newer(self._redirected(document), by)

    def put_newer_many(self, documents: Sequence[Document], by: str) -> None:
        super().put_newer_many([self._redirected(document) for document in documents], by)

    def increment(self, record_id: str, amounts: Mapping[str, Any], first: Document | None = None) -> bool:
        return super().increment(record_id, amounts, self._redirected(first) if first is not None else None)

    def increment_many(self, changes: Sequence[tuple[str, Mapping[str, Any], Document]]) -> None:
        super().increment_many([(record_id, amounts, self._redirected(first)) for record_id, amounts, first in changes])

    def update_many(self, where: Mapping[str, Any], changes: Mapping[str, Any]) -> int:
        """An update that gives rows to another record is final: they no longer follow the record that they were written
        for."""
        if self._holding.by in changes.get("$set", {}):
            changes = {**changes, "$unset": {**changes.get("$unset", {}), self._holding.origin: ""}}
        return super().update_many(where, changes)

    def find_one(self, where: Mapping[str, Any]) -> Document | None:
        found = super().find_one(where)
        self._note([found] if found else [])
        return found

    def find(self, where: Mapping[str, Any], sort: Keys, limit: int, fields: Fields = None) -> list[Document]:
        """Where nothing is found, reads the rows of the record's target: a redirected record has no rows of its own."""
        found, owner = super().find(where, sort, limit, fields), where.get(self._holding.by)
        if not found and isinstance(owner, str):
            target = self._redirects().cached_current(owner)
            found = super().find({**where, self._holding.by: target}, sort, limit, fields) if target != owner else []
        self._note(found)
        return found

    def _note(self, found: Sequence[Document]) -> None:
        for row in found:
            if isinstance(owner := row.get(self._holding.by), str):
                self._redirects().mark_target(owner)


class FollowingTenant(Tenant):
    """A company's view in which the rows of the `inventory`'s collections follow redirected records."""

    def __init__(self, plain: Tenant, inventory: Sequence[Holding], pointers: RedirectCache | None = None) -> None:
        super().__init__(plain._database, plain.company, plain._transaction)
        self.touched = plain.touched
        self._followers = {holding.collection: holding for holding in inventory if holding.follows}
        self.redirects = Redirects(plain.collection(COLLECTION), plain, inventory, pointers)

    def collection(self, name: str) -> TenantCollection:
        plain = super().collection(name)
        holding = self._followers.get(name)
        if holding is None:
            return plain
        following = Following(plain, holding, lambda: self.redirects)
        following.expected, following.signature = plain.expected, plain.signature
        following.touched = plain.touched
        return following


def second_pass(database: Database, inventory: Sequence[Holding], settle_seconds: float) -> Callable[[Document], None]:
    """The job of a redirection: moves its rows again, when every transaction begun before the redirection has ended.

    It is repeated after `settle_seconds` as long as it found rows to move, since others may have read those before, and
    may still write rows for the same record.
    """

    def move_rows(document: Document) -> None:
        tenant = database.tenant(document["company"])
        moved = Redirects(tenant.collection(COLLECTION), tenant, inventory).follow(document["_id"])
        unchanged = {"_id": document["_id"], "company": document["company"], "sequence": document["sequence"]}
        again_at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=settle_seconds)
        change: Document = {"$set": {"next_at": again_at}} if moved else {"$unset": {"next_at": ""}}
        database.collection(COLLECTION).update_one(unchanged, change)

    return move_rows
