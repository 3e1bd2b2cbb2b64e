"""A company's database in memory: the words of a tenant's collection, one unit of work after another.

For tests that run use cases by the hundred: a refused one leaves nothing, as a transaction would.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from bson.decimal128 import Decimal128
from pymongo.errors import DuplicateKeyError

from services.chassis.access.row_visibility import RowVisibility, VisibilityRule, VisibleRows
from services.chassis.dumping import dump_of
from services.chassis.errors import ConcurrentUpdate, Failure
from services.chassis.handling.session import Actor, Session
from services.chassis.schemas import load
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document, Fields
from services.chassis.storage.transaction import Refusal
from tests.support import later
from tests.support.golden import unlike

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "$in": lambda value, given: value in given,
    "$gte": lambda value, given: bool(value >= given),
    "$gt": lambda value, given: bool(value > given),
    "$lt": lambda value, given: bool(value < given),
    "$lte": lambda value, given: bool(value <= given),
}
# Those that look at all elements of a list.
OF_ALL: dict[str, Callable[[list[Any], Any], bool]] = {
    "$exists": lambda values, given: (values != [None]) is given,
    "$ne": lambda values, given: given not in values,
    "$nin": lambda values, given: not set(values) & set(given),
    "$all": lambda values, given: set(given) <= set(values),
}


class Collection:
    """Equality and a few operators, of a list's elements too; sorts and limits; unique indexes and versions refuse.

    `calls` counts what has been asked of the database, by the word for it.

    What is kept is replaced and never changed, so that a shallow copy is a snapshot.
    """

    def __init__(self, unique: Sequence[tuple[str, ...]]) -> None:
        self.kept: dict[str, Document] = {}
        self.calls: Counter[str] = Counter()
        self._unique = unique
        self.last_changes: dict[str, Document] = {}

    @property
    def visible(self) -> Any:
        """A user of these tests sees everything, unless they are Narrowed."""
        return self

    def find_one(self, where: Mapping[str, Any]) -> Document | None:
        self.calls["read"] += 1
        return next((later.record(one) for one in self.kept.values() if _passes(one, where)), None)

    def find(self, where: Mapping[str, Any], sort: Any, limit: int, fields: Fields = None) -> list[Document]:
        self.calls["read"] += 1
        found = [one for one in self.kept.values() if _passes(one, where)]
        for name, way in reversed(sort):
            found.sort(key=lambda one: one[name], reverse=way < 0)
        read = [later.record(one) for one in found[:limit]]
        return read if fields is None else [{k: v for k, v in one.items() if k in ("_id", *fields)} for one in read]

    def insert(self, document: Document, *, later: bool = False, taken: Refusal | None = None) -> None:
        try:
            self._refuse_second(document)
        except DuplicateKeyError as error:
            raise (taken() if later and taken else error) from error
        assert document["_id"] not in self.kept
        self.kept[document["_id"]] = _copy(document)

    def _refuse_second(self, document: Document) -> None:
        for names in self._unique:
            same = {name: document[name] for name in names}
            holders = [] if None in same.values() else [one for one in self.kept.values() if _passes(one, same)]
            if any(one["_id"] != document["_id"] for one in holders):
                raise DuplicateKeyError(f"a second {same}")

    def insert_many(self, documents: Sequence[Document], *, later: bool = False) -> None:
        for document in documents:
            self.insert(document)

    def insert_new(self, documents: Sequence[Document]) -> list[Document]:
        new: list[Document] = []
        for document in documents:
            if document["_id"] not in self.kept:
                self.insert(document)
                new.append(document)
        return new

    def put(self, document: Document) -> None:
        self.kept[document["_id"]] = {**self.kept.get(document["_id"], {}), **_copy(document)}

    def put_newer(self, document: Document, by: str) -> None:
        known = self.kept.get(document["_id"])
        if known is None or known[by] < document[by]:
            self.put(document)

    def put_newer_many(self, documents: Sequence[Document], by: str) -> None:
        for document in documents:
            self.put_newer(document, by)

    def update_many(self, where: Mapping[str, Any], changes: Mapping[str, Any]) -> int:
        found = [one for one in self.kept.values() if _passes(one, where)]
        for one in found:
            kept = {name: value for name, value in one.items() if name not in changes.get("$unset", {})}
            self.kept[one["_id"]] = {**kept, **changes.get("$set", {})}
        return len(found)

    def replace(self, document: Document, *, later: bool = False) -> None:
        if self.kept.get(document["_id"], {}).get("version") != document["version"] - 1:
            raise ConcurrentUpdate("version_changed", "")
        self._refuse_second(document)
        self.put(document)

    def replace_many(self, documents: Sequence[Document]) -> None:
        for document in documents:
            self.replace(document)

    def delete(self, where: Mapping[str, Any]) -> bool:
        found = self.find_one(where)
        return found is not None and self.kept.pop(found["_id"]) is not None

    def discard(self, where: Mapping[str, Any]) -> None:
        self.delete(where)

    def amend(self, record_id: str, changes: Mapping[str, Any]) -> None:
        self.update_many({"_id": record_id}, changes)

    def delete_many(self, where: Mapping[str, Any]) -> int:
        gone = [key for key, one in self.kept.items() if _passes(one, where)]
        for key in gone:
            del self.kept[key]
        return len(gone)

    def increment(self, record_id: str, amounts: Mapping[str, Any], first: Document | None = None) -> bool:
        known = record_id in self.kept
        record = self.kept[record_id] = _copy({"_id": record_id, **(first or {}), **self.kept.get(record_id, {})})
        for path, value in amounts.items():
            *parts, name = path.split(".")
            holder = record
            for part in parts:
                holder = holder.setdefault(part, {})
            is_money = isinstance(value, Decimal128)
            holder[name] = holder.get(name, 0) + (value.to_decimal() if is_money else value)
        return known

    def increment_many(self, changes: Sequence[tuple[str, Mapping[str, Any], Document]]) -> None:
        for change in changes:
            self.increment(*change)

    def take_numbers(self, name: str, count: int = 1) -> list[int]:
        return [*self.next_numbers(name, count)]

    def next_numbers(self, name: str, count: int = 1) -> range:
        value = self.kept.get(name, {"value": 0})["value"]
        self.kept[name] = {"value": value + count}
        return range(value + 1, value + count + 1)


class Memory:
    """One company's tenant, and the units of work that run on it."""

    company = "c1"

    def __init__(self, session: type[Session], indexes: Iterable[Index], actor: Actor | None = None) -> None:
        """`actor`: who asks; Ana, who has no permission beyond what the entrypoint has checked, by default."""
        self.actor = actor or Actor("u1", "Ana")
        self._session = session
        self._indexes = list(indexes)
        self._unique = [(one.collection, tuple(key for key, _ in one.keys)) for one in self._indexes if one.unique]
        self._collections: dict[str, Collection] = {}
        self._all = {self.company: self}
        self._begun = 0

    def of(self, company: str) -> Memory:
        """Another company's, or the installation's."""
        if company not in self._all:
            other = self._all[company] = Memory(self._session, self._indexes, self.actor)
            other.company, other._all = company, self._all
        return self._all[company]

    def collection(self, name: str) -> Collection:
        if name not in self._collections:
            unique = [keys for collection, keys in self._unique if collection == name]
            self._collections[name] = Collection(unique)
        return self._collections[name]

    # every unit of work is one; nobody says which version was seen
    in_transaction = True
    expected = signature = None

    def cached(self, name: str) -> Any:
        """Nothing is kept: what is read is as it is."""
        rows = self.collection(name)

        def names(record_ids: Iterable[str]) -> dict[str, Any]:
            return {one: rows.kept[one].get("name") for one in record_ids if one in rows.kept}

        return SimpleNamespace(find_one=rows.find_one, names=names, forget=lambda record_id: None)

    def names(self) -> list[str]:
        return sorted(self._collections)

    def documents(self, name: str) -> list[Document]:
        return [*self.collection(name).kept.values()]

    def stored(self) -> dict[str, list[Document]]:
        """The documents of each collection that has any."""
        return {name: self.documents(name) for name in self.names() if self.documents(name)}

    def run(
        self,
        work: Callable[[Any], Any],
        supervisor: Actor | None = None,
        user: Narrowed | None = None,
        repeats: bool = False,
    ) -> Any:
        """One unit of work, a second after the last; a Failure takes all back. `user`: who sees a part of it.

        `repeats`: it is no transaction, and may be repeated (subscribe's `once=False`).
        """
        before = {company: one.snapshot() for company, one in self._all.items()}
        try:
            session = self.session(user)
            session.supervisor = supervisor
            result = work(session)
            if repeats:
                session.flush_new()
            else:
                session.flush()
        except Failure:
            for company, one in self._all.items():
                one.put_back(before.get(company, {}))
            raise
        self._compare_with_samples(before[self.company].get("outbox", {}))
        return result

    def snapshot(self) -> dict[str, dict[str, Document]]:
        """What is kept of this company, by collection."""
        return {name: dict(found.kept) for name, found in self._collections.items() if found.kept}

    def put_back(self, snapshot: Mapping[str, dict[str, Document]]) -> None:
        for name, found in self._collections.items():
            found.kept = snapshot.get(name, {})

    def ask(self, use_case: Any, **data: Any) -> Any:
        """A command or a query as its entrypoint runs it: with `data` as JSON, by its own schema; its answer can be
        said by the schema of answers, as plain JSON."""
        spec = use_case.chassis_rpc
        loaded = load(spec.takes, data)
        answer = self.run(lambda tx: use_case.__wrapped__(tx, loaded))
        json.dumps(dump_of(spec.gives)(answer), allow_nan=False)
        return answer

    def refusal(self, use_case: Any, **data: Any) -> str:
        """The code by which it is refused; fails where it is not."""
        try:
            done = self.ask(use_case, **data)
        except Failure as failure:
            return failure.code
        raise AssertionError(f"not refused: {done}")

    def _compare_with_samples(self, known: Mapping[str, Document]) -> None:
        """What has been published just now is what readers were promised."""
        for key, row in self.collection("outbox").kept.items() if "outbox" in self._collections else ():
            if key not in known:
                told = json.loads(row["envelope"])
                assert unlike(told["source"], told["name"], told["data"]) == []

    def read(self, look: Callable[[Any], Any]) -> Any:
        return look(self.session())

    def later(self, wait: dt.timedelta) -> None:
        self._begun += int(wait.total_seconds())

    def session(self, user: Narrowed | None = None) -> Any:
        self._begun += 1
        now = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC) + dt.timedelta(seconds=self._begun)
        actor = user.actor if user else self.actor
        return self._session(user or self, actor, now, "test", 1)  # type: ignore[arg-type]


class Narrowed:
    """The same tenant as one user sees it (chassis/access/row_visibility.py)."""

    company = Memory.company

    def __init__(self, memory: Memory, actor: Actor, visibility_rules: Iterable[VisibilityRule]) -> None:
        self._memory, self.actor = memory, actor
        self._visibility = RowVisibility(actor.sight, memory)  # type: ignore[arg-type]
        self._rules = {rule.collection: rule for rule in visibility_rules}

    def collection(self, name: str) -> Any:
        rows = self._memory.collection(name)
        rule = self._rules.get(name)
        return View(rows, VisibleRows(rows, self._visibility, rule)) if rule else rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._memory, name)

    def run(self, work: Callable[[Any], Any]) -> Any:
        return self._memory.run(work, user=self)


class View:
    """A collection, and what is seen of it."""

    def __init__(self, rows: Collection, visible: VisibleRows) -> None:
        self._rows, self.visible = rows, visible

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, name)


def _copy(value: Any) -> Any:
    """Whoever has the copy may change its dicts and lists; nothing changes the values in them."""
    if isinstance(value, dict):
        return {name: _copy(one) for name, one in value.items()}
    return [_copy(one) for one in value] if isinstance(value, list) else value


def _passes(document: Document, where: Mapping[str, Any]) -> bool:
    either = where.get("$or")
    if either is not None and not any(_passes(document, one) for one in either):
        return False
    asked = {name: wanted for name, wanted in where.items() if name not in ("$or", "$and")}
    return all(_passes(document, one) for one in where.get("$and", ())) and all(
        _matches(_at(document, name), wanted) for name, wanted in asked.items()
    )


def _at(document: Any, path: str) -> Any:
    """What is at a path; of a list, of each of its elements."""
    name, _, rest = path.partition(".")
    found = document.get(name)
    if not rest or found is None:
        return found
    return [_at(one, rest) for one in found] if isinstance(found, list) else _at(found, rest)


def _matches(value: Any, wanted: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    if isinstance(wanted, dict):
        assert wanted.keys() <= {*OPERATORS, *OF_ALL}, wanted
        return all(
            OF_ALL[sign](values, given)
            if sign in OF_ALL
            else any(OPERATORS[sign](one, given) for one in values if one is not None)
            for sign, given in wanted.items()
        )
    return bool(value == wanted) or wanted in values
