"""Rows that follow a record when it is redirected to another one, and return when the redirection ends.

The service that owns the record announces where it points now; each reader keeps that in `redirects` and holds one
rule true: a row's field names the record that the id it was written for leads to. The rule needs the redirects only, so
events may come twice, late, or in another order. Rows written meanwhile follow on insertion, by what the process
knows of the redirections (replicas/pointers.py); a second look, when every transaction begun before is over, finds the
rest. No business word enters here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from services.chassis.personal_data.inventory import Holding
from services.chassis.replicas.pointers import Pointers
from services.chassis.storage.database import Database
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document, Fields, Keys
from services.chassis.storage.tenant import Tenant, TenantCollection
from services.chassis.storage.transaction import Refusal

COLLECTION = "redirects"
INDEX = Index(COLLECTION, [("to", 1), ("_id", 1)])
# Redirections read at once.
POINTERS_PAGE = 500


class Redirects:
    """The redirections that this service has heard of."""

    def __init__(
        self,
        documents: TenantCollection,
        tenant: Tenant,
        inventory: Sequence[Holding],
        pointers: Pointers | None = None,
    ) -> None:
        """`pointers`: what the process knows of them; without, everything is asked for."""
        self._documents = documents
        self._tenant = tenant
        self._inventory = inventory
        self._pointers = pointers
        self._known: dict[str, str | None] = {}

    def current(self, record_id: str) -> str:
        """The id at the end of the redirects from `record_id`: itself where there is none."""
        seen: list[str] = []
        found: str | None = record_id
        while found is not None and found not in seen:
            seen.append(found)
            found = self._next(found)
        return seen[-1]

    def mark_target(self, record_id: str) -> None:
        """A row that follows names this record, so it leads nowhere.

        Or the row is just being moved: then `second_look` finds what is written for it meanwhile.
        """
        self._known.setdefault(record_id, None)

    def leads_nowhere(self, record_id: str) -> bool:
        """Whether that is known here: a row that follows named it."""
        return record_id in self._known and self._known[record_id] is None

    def learn(self, record_ids: Iterable[str]) -> None:
        """Reads where the records lead, all at once; `current` then needs no read for those that lead to themselves."""
        asked = sorted({one for one in record_ids if one not in self._known})
        if asked:
            found = self._documents.find({"_id": {"$in": asked}}, (), len(asked))
            self._known.update(dict.fromkeys(asked) | {pointer["_id"]: pointer["to"] for pointer in found})

    def lately(self, record_id: str) -> str:
        """The same, as it was known a moment ago (replicas/pointers.py): for rows that a second look finds."""
        if record_id in self._known:
            return self.current(record_id)
        heard = self._remembered()
        if heard is None:
            return self.current(record_id)
        seen = [record_id]
        while (found := heard.get(seen[-1])) is not None and found not in seen:
            seen.append(found)
        return seen[-1]

    def learn_lately(self, record_ids: Iterable[str]) -> None:
        """`learn` for the `lately` of each, where the process does not know the redirections."""
        if self._remembered() is None:
            self.learn(record_ids)

    def _remembered(self) -> Mapping[str, str] | None:
        return self._pointers.of(self._tenant.company, self._committed) if self._pointers is not None else None

    def _committed(self, limit: int) -> Sequence[Document]:
        """Not as a transaction sees them: what is remembered is for others, too."""
        return Tenant(self._tenant._database, self._tenant.company, None).collection(COLLECTION).find({}, [], limit)

    def point(self, record_id: str, to: str | None, sequence: int, look_again_at: dt.datetime) -> None:
        """From `sequence` of the record on, it leads to `to`, or (None) to itself; what is older changes nothing."""
        pointer = {"_id": record_id, "to": to, "sequence": sequence, "next_at": look_again_at}
        self._documents.put_newer(pointer, by="sequence")
        self.forget()
        self.follow(record_id)

    def forget(self) -> None:
        """What the process knows of the company's redirections is not right any more."""
        if self._pointers is not None:
            self._pointers.forget(self._tenant.company)

    def follow(self, record_id: str) -> int:
        """Moves the rows of the record, and of all that lead through it, to where they lead now.

        Gives the number of rows that had not followed before.
        """
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
        """The record and every one that leads through it, however many."""
        members, seen = [record_id], {record_id}
        for member in members:
            for pointer in self._pointing_to(member):
                if pointer not in seen:
                    seen.add(pointer)
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
    """A collection whose rows follow: written for the record that leads, found by any id that leads there."""

    def __init__(self, plain: TenantCollection, holding: Holding, redirects: Callable[[], Redirects]) -> None:
        super().__init__(plain._collection, plain._company, plain._transaction, plain._series)
        self._holding = holding
        self._redirects = redirects

    def _redirected(self, document: Document) -> Document:
        written_for = document[self._holding.by]
        target = self._redirects().lately(written_for)
        if target == written_for:
            return document
        return {**document, self._holding.by: target, self._holding.origin: written_for}

    def insert(self, document: Document, *, later: bool = False, taken: Refusal | None = None) -> None:
        super().insert(self._redirected(document), later=later, taken=taken)

    def insert_many(self, documents: Sequence[Document], *, later: bool = False) -> None:
        super().insert_many([self._redirected(document) for document in documents], later=later)

    def insert_new(self, documents: Sequence[Document]) -> list[Document]:
        self._redirects().learn_lately([document[self._holding.by] for document in documents])
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
        """Who gives rows to another record gives them for good: they do not follow the one that they were written
        for."""
        if self._holding.by in changes.get("$set", {}):
            changes = {**changes, "$unset": {**changes.get("$unset", {}), self._holding.origin: ""}}
        return super().update_many(where, changes)

    def find_one(self, where: Mapping[str, Any]) -> Document | None:
        found = super().find_one(where)
        self._note([found] if found else [])
        return found

    def find(self, where: Mapping[str, Any], sort: Keys, limit: int, fields: Fields = None) -> list[Document]:
        """Looks for the successor's rows only where nothing is found: a redirected record has no rows of its own."""
        found, asked = super().find(where, sort, limit, fields), where.get(self._holding.by)
        if not found and isinstance(asked, str):
            target = self._redirects().lately(asked)
            found = super().find({**where, self._holding.by: target}, sort, limit, fields) if target != asked else []
        self._note(found)
        return found

    def _note(self, found: Sequence[Document]) -> None:
        for row in found:
            if isinstance(named := row.get(self._holding.by), str):
                self._redirects().mark_target(named)


class FollowingTenant(Tenant):
    """A company's view in which the collections of `inventory` follow."""

    def __init__(self, plain: Tenant, inventory: Sequence[Holding], pointers: Pointers | None = None) -> None:
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


def second_look(database: Database, inventory: Sequence[Holding], settle_seconds: float) -> Callable[[Document], None]:
    """Leased work: follows again, when no transaction begun before the redirection can still write.

    Again after `settle_seconds` while there was something to move: whoever read it before may write for it still.
    """

    def look(document: Document) -> None:
        tenant = database.tenant(document["company"])
        moved = Redirects(tenant.collection(COLLECTION), tenant, inventory).follow(document["_id"])
        done = {"_id": document["_id"], "company": document["company"], "sequence": document["sequence"]}
        again = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=settle_seconds)
        change: Document = {"$set": {"next_at": again}} if moved else {"$unset": {"next_at": ""}}
        database.collection(COLLECTION).update_one(done, change)

    return look
