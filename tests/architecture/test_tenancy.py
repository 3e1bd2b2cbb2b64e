"""The company comes first in every index of business data, and in every filter: there is no way to ask without one."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from deploy.topology import SERVICES
from services.chassis.personal_data.inventory import Holding
from services.chassis.process.service import Service
from services.chassis.replicas.redirects import Following, Redirects
from services.chassis.storage.database import Database
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.chassis.storage.transaction import Write

OURS, THEIRS = "ours", "theirs"
# as a caller would write it who wants what is another company's
DOCUMENT = {"_id": "x", "company": THEIRS, "version": 2, "person_id": "p"}
# Arguments for each method of a company's collection. A new method has its own here, or the test fails.
ASKING: dict[str, tuple[Any, ...]] = {
    "find_one": (DOCUMENT,),
    "find": (DOCUMENT, [("_id", 1)], 1),
    "insert": (DOCUMENT,),
    "insert_many": ([DOCUMENT, DOCUMENT],),
    "insert_new": ([DOCUMENT, DOCUMENT],),
    "replace": (DOCUMENT,),
    "replace_many": ([DOCUMENT],),
    "put": (DOCUMENT,),
    "put_newer": (DOCUMENT, "version"),
    "put_newer_many": ([DOCUMENT, DOCUMENT], "version"),
    "delete": (DOCUMENT,),
    "discard": (DOCUMENT,),
    "amend": ("x", {"$set": {"a": 1}}),
    "update_many": (DOCUMENT, {"$set": {"a": 1}}),
    "delete_many": (DOCUMENT,),
    "increment": ("x", {"count": 1}, DOCUMENT),
    "increment_many": ([("x", {"count": 1}, DOCUMENT)],),
    "next_numbers": ("x", 2),
    "take_numbers": ("x", 2),
}
# What pymongo is given in its first place: the documents to write, or else a filter.
WRITES_DOCUMENTS = {"insert_one", "insert_many"}


class Recorder:
    """Stands for a database, a collection and a cursor; keeps what it was asked."""

    def __init__(self, name: str = "", log: list[tuple[str, str, tuple[Any, ...]]] | None = None) -> None:
        self.name = name
        self.log: list[tuple[str, str, tuple[Any, ...]]] = [] if log is None else log
        self.deleted_count = self.matched_count = 1

    def __getitem__(self, name: str) -> Recorder:
        return Recorder(name, self.log)

    def __getattr__(self, method: str) -> Any:
        def note(*arguments: Any, **named: Any) -> Recorder:
            self.log.append((self.name, method, (*arguments, *named.values())))
            return self

        return note

    def __iter__(self) -> Any:
        return iter(())


class Found(Recorder):
    """A collection where something is always found."""

    def __getattr__(self, method: str) -> Any:
        note = super().__getattr__(method)
        finds = method in ("find_one", "find_one_and_update")
        return (lambda *a, **n: note(*a, **n) and {"_id": "x", "value": 2}) if finds else note


@pytest.mark.parametrize("service", SERVICES)
def test_every_real_index_starts_with_the_company(service: type[Service]) -> None:
    database, recorder = Database("mongodb://127.0.0.1:1/", "house"), Recorder()
    database._database = recorder  # type: ignore[assignment]
    indexes = [index for index in service.all_indexes() if isinstance(index, Index)]
    database.ensure_indexes(indexes)
    database.close()
    made = [(name, given[0]) for name, method, given in recorder.log if method == "create_index"]
    assert len(made) == len(indexes) > 0
    for collection, keys in made:
        assert keys[0] == ("company", 1), f"{service.name}.{collection}"


def methods_of(kind: type[TenantCollection]) -> set[str]:
    return {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}


def kinds() -> Iterator[type[TenantCollection]]:
    """The collection of a company and all that are made of it."""
    known = [TenantCollection]
    for kind in known:
        yield kind
        known += [one for one in kind.__subclasses__() if one.__module__.startswith("services.")]


def collection(kind: type[TenantCollection], asked: Recorder) -> TenantCollection:
    plain = TenantCollection(asked, OURS, None)  # type: ignore[arg-type]
    if not issubclass(kind, Following):
        return kind(asked, OURS, None)  # type: ignore[arg-type]
    known = {"prefetch_unless_cached": lambda _, record_ids: None, "cached_current": lambda _, record_id: "another"}
    led = type("Led", (Redirects,), {"__init__": lambda _: None, **known})
    return kind(plain, Holding("things", by="person_id", sort="at"), led)


def strangers(kind: type[TenantCollection], method: str) -> list[str]:
    """What the method asks of the database that is not of the company alone."""
    asked = Found("things")
    getattr(collection(kind, asked), method)(*ASKING[method])
    calls = [(word, given) for _, word, given in asked.log if word not in ("sort", "limit")]
    assert calls, f"{kind.__name__}.{method} asks nothing"
    return [f"{method}: {word}{given}" for word, given in calls if not _is_ours(word, given)]


def _is_ours(word: str, given: tuple[Any, ...]) -> bool:
    if word == "bulk_write":
        return all(_is_ours("update_one", (write._filter, write._doc)) for write in given[0])
    first: list[Document] = given[0] if isinstance(given[0], list) else [given[0]]
    named = all(_names_us(one, word in WRITES_DOCUMENTS) for one in first)
    return named and bool(first) and not any(_speaks_of_them(one) for one in given)


def _names_us(one: Document, is_document: bool) -> bool:
    """A series of numbers has the company in its id; everything else in a field, which nothing else overrules."""
    return one.get("company") == OURS or (not is_document and str(one.get("_id")).startswith(f"{OURS}:"))


def _speaks_of_them(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_speaks_of_them(one) for one in value.values())
    return bool(value == THEIRS)


@pytest.mark.parametrize("kind", [*kinds()])
def test_every_method_of_a_collection_asks_for_the_company_even_if_another_is_named(
    kind: type[TenantCollection],
) -> None:
    assert methods_of(kind) == set(ASKING)
    assert [one for method in sorted(ASKING) for one in strangers(kind, method)] == []


class Theirs(Recorder):
    """A collection where another company's document is found, whatever is asked."""

    def __getattr__(self, method: str) -> Any:
        note = super().__getattr__(method)
        return (lambda *a, **n: note(*a, **n) and DOCUMENT) if method == "find_one" else note

    def __iter__(self) -> Any:
        return iter([DOCUMENT])


@pytest.mark.parametrize("kind", [*kinds()])
def test_what_is_asked_for_by_id_alone_is_answered_to_its_company_alone(kind: type[TenantCollection]) -> None:
    rows = collection(kind, Theirs("things"))
    assert rows.find_one({"_id": "x"}) is None
    assert rows.find({"_id": "x"}, [], 1) == []
    assert rows.find({"_id": {"$in": ["x", "y"]}}, [("_id", 1)], 2, ["name"]) == []


def test_a_range_or_a_part_of_the_ids_is_asked_for_with_the_company() -> None:
    """Others' documents would leave out the company's own."""
    asked = Found("things")
    rows = collection(TenantCollection, asked)
    rows.find_one({"_id": {"$gt": "x"}})
    rows.find({"_id": {"$gt": "x"}}, [], 1)
    rows.find({"_id": {"$in": ["x", "y"]}}, [], 1)
    assert [given[0]["company"] for _, word, given in asked.log if word in ("find", "find_one")] == [OURS] * 3


@dataclass
class Waiting:
    """Stands for a transaction; keeps the writes that wait in it."""

    writes: list[Write] = field(default_factory=list)
    session: None = None

    def add(self, *writes: Write) -> None:
        self.writes += writes

    def asked(self) -> None:
        """Nothing is sent."""


@pytest.mark.parametrize("method", ["insert", "insert_many", "replace", "discard", "amend", "increment_many"])
@pytest.mark.parametrize("kind", [*kinds()])
def test_what_waits_in_a_transaction_is_the_companys_even_if_another_is_named(
    kind: type[TenantCollection], method: str
) -> None:
    waiting, rows = Waiting(), collection(kind, Found("things"))
    rows._transaction = waiting  # type: ignore[assignment]
    later = {} if method in ("discard", "amend", "increment_many") else {"later": True}
    getattr(rows, method)(*ASKING[method], **later)
    for write in waiting.writes:
        asked = write.operation.get("filter") or dict(write.operation["document"])
        assert _names_us(asked, write.kind == "insert")
        assert not _speaks_of_them({**write.operation, **asked})
    assert waiting.writes


def test_the_rule_finds_a_new_method_and_one_that_asks_for_anybodys(monkeypatch: pytest.MonkeyPatch) -> None:
    class Leaking(TenantCollection):
        def count(self, where: Document) -> int:
            return self._collection.count_documents(where)

        def find_one(self, where: Any) -> Document | None:
            return self._collection.find_one(dict(where), session=self._session)

        def put(self, document: Document) -> None:
            self._collection.update_one(self._scoped({"_id": "x"}), {"$set": document}, upsert=True)

        def insert(self, document: Document, **_: Any) -> None:
            self._collection.insert_one({k: v for k, v in document.items() if k != "company"})

    assert methods_of(Leaking) - set(ASKING) == {"count"}
    monkeypatch.setitem(ASKING, "count", (DOCUMENT,))
    wrong = {method for method in ASKING if strangers(Leaking, method)}
    assert wrong == {"count", "find_one", "put", "insert"}
