"""Rows follow redirected records, whatever the order, number and lateness of the events
(chassis/replicas/redirects.py)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.personal_data.inventory import Holding
from services.chassis.replicas import redirects
from services.chassis.replicas.redirect_cache import MOST_SECONDS, RedirectCache
from services.chassis.replicas.redirects import Following, Redirects

NOW = dt.datetime(2026, 3, 5, tzinfo=dt.UTC)
HOLDING = Holding("rows", by="person_id", sort="at")
PERSONS = "abcde"


class Table:
    """A collection in memory, with the few words of the database's language that redirects speak."""

    _collection, _company, _transaction, _series = None, "c", None, None

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {}

    def find_one(self, where: Mapping[str, Any]) -> dict[str, Any] | None:
        return next(iter(self.find(where, [], 1)), None)

    def find(self, where: Mapping[str, Any], sort: Any, limit: int) -> list[dict[str, Any]]:
        asked = {name: wanted for name, wanted in where.items() if not isinstance(wanted, dict)}
        beyond = where["_id"]["$gt"] if "_id" in where and "_id" not in asked else ""
        found = [d for d in self.documents.values() if all(d.get(k) == v for k, v in asked.items())]
        return sorted((d for d in found if d["_id"] > beyond), key=lambda d: str(d["_id"]))[:limit]

    def put_newer(self, document: dict[str, Any], by: str) -> None:
        known = self.documents.get(document["_id"])
        if known is None or known[by] < document[by]:
            self.documents[document["_id"]] = document

    def update_many(self, where: Mapping[str, Any], changes: Mapping[str, Any]) -> int:
        found = self.find(where, [], 1000)
        for document in found:
            document.update(changes["$set"])
            for name in changes.get("$unset", {}):
                document.pop(name)
        return len(found)


class DriversOwn:
    """The table as the driver shows it."""

    name = "rows"

    def __init__(self, table: Table) -> None:
        self._table = table

    def update_many(self, where: Mapping[str, Any], changes: Mapping[str, Any], session: None) -> SimpleNamespace:
        return SimpleNamespace(matched_count=self._table.update_many({"_id": where["_id"]}, changes))


class Store:
    """Stands for a tenant: one collection that follows, and the redirects."""

    company = "c"

    def __init__(self) -> None:
        self.rows, self.pointers = Table(), Table()
        self.rows.documents = {f"{person}1": {"_id": f"{person}1", "person_id": person} for person in PERSONS}

    def collection(self, name: str) -> Any:
        return self.rows

    def redirects(self, known: RedirectCache | None = None) -> Redirects:
        """Of a new unit of work: nothing remembered but what the process knows."""
        return Told(self.pointers, self, (HOLDING,), known)  # type: ignore[arg-type]

    def people(self) -> dict[str, str]:
        return {name: row["person_id"] for name, row in self.rows.documents.items()}


class Told(Redirects):
    """Reads what is committed from the table, which is all there is."""

    def _committed(self, limit: int) -> list[dict[str, Any]]:
        return self._documents.find({}, [], limit)


Event = tuple[str, str | None, int]


def history(choices: list[tuple[int, int]]) -> tuple[list[Event], dict[str, str]]:
    """Legal merges and unmerges: a person in another is not merged again; a survivor inside another lets none go."""
    into: dict[str, str] = {}
    events: list[Event] = []
    for number, (x, y) in enumerate(choices, start=1):
        one, other = PERSONS[x], PERSONS[y]
        if one in into:
            if into[one] not in into:
                del into[one]
                events.append((one, None, number))
        elif one != other and other not in into:
            into[one] = other
            events.append((one, other, number))
    return events, into


def end(person: str, into: dict[str, str]) -> str:
    return end(into[person], into) if person in into else person


indexes = st.integers(0, len(PERSONS) - 1)
histories = st.lists(st.tuples(indexes, indexes), max_size=12).map(history)


@given(histories, st.randoms(use_true_random=False))
def test_any_order_with_repetitions_ends_at_the_same_rows(
    told: tuple[list[Event], dict[str, str]], chance: Any
) -> None:
    events, into = told
    store = Store()
    delivered = events + chance.sample(events, len(events) // 2)
    chance.shuffle(delivered)
    for record, to, sequence in delivered:
        store.redirects().point(record, to, sequence, NOW)
    assert store.people() == {f"{person}1": end(person, into) for person in PERSONS}
    origins = {n: r.get("_person_id_origin") for n, r in store.rows.documents.items()}
    assert origins == {f"{person}1": person if person in into else None for person in PERSONS}


@given(histories, st.data())
def test_a_row_that_comes_late_is_led_too_and_returns_too(
    told: tuple[list[Event], dict[str, str]], data: st.DataObject
) -> None:
    events, into = told
    store = Store()
    late = data.draw(st.integers(0, len(events)))
    for number, (record, to, sequence) in enumerate([*events, ("", None, 0)]):
        if number == late:
            for person in PERSONS:
                row = {"_id": f"{person}2", "person_id": person}
                following = Following(store.rows, HOLDING, store.redirects)  # type: ignore[arg-type]
                store.rows.documents[row["_id"]] = following._redirected(row)
        if record:
            store.redirects().point(record, to, sequence, NOW)
    assert store.people() == {f"{person}{n}": end(person, into) for person in PERSONS for n in (1, 2)}


def test_a_row_written_behind_the_redirects_back_is_found_at_the_second_look() -> None:
    store = Store()
    store.redirects().point("a", "b", 1, NOW)
    store.rows.documents["a2"] = {"_id": "a2", "person_id": "a"}
    assert store.redirects().follow("a") == 1
    assert store.people()["a2"] == "b"
    assert store.redirects().follow("a") == 0, "there is no need to look a third time"


def test_whom_a_row_that_was_read_names_is_not_looked_up_once_more() -> None:
    store = Store()
    store.redirects().point("a", "b", 1, NOW)
    session = store.redirects()
    session.mark_target("b")
    store.pointers.documents.clear()
    assert (session.current("b"), session.current("a")) == ("b", "a")


class Counted(Table):
    reads = 0

    def find(self, where: Mapping[str, Any], sort: Any, limit: int) -> list[dict[str, Any]]:
        self.reads += 1
        return super().find(where, sort, limit)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_a_process_knows_of_redirections_is_read_once_and_a_change_here_is_known_at_once() -> None:
    store, known = Store(), RedirectCache(75, Clock())
    store.pointers = Counted()
    store.redirects(known).point("a", "b", 1, NOW)
    before = store.pointers.reads
    assert [store.redirects(known).cached_current(person) for person in "abc" * 3] == ["b", "b", "c"] * 3
    assert store.pointers.reads - before == 1
    store.redirects(known).point("b", "c", 1, NOW)
    assert store.redirects(known).cached_current("a") == "c"


def test_what_another_process_redirects_is_known_after_some_seconds_and_mended_by_the_second_look() -> None:
    store, clock = Store(), Clock()
    known = RedirectCache(75, clock)
    assert store.redirects(known).cached_current("a") == "a"
    store.redirects().point("a", "b", 1, NOW)
    row = {"_id": "a2", "person_id": "a"}
    following = Following(store.rows, HOLDING, lambda: store.redirects(known))  # type: ignore[arg-type]
    store.rows.documents["a2"] = following._redirected(row)
    assert store.people()["a2"] == "a", "it is not known here yet"
    assert store.redirects().follow("a") == 1
    assert store.people()["a2"] == "b"
    clock.now += MOST_SECONDS
    assert store.redirects(known).cached_current("a") == "b"
    assert following._redirected(row) == {"_id": "a2", "person_id": "b", HOLDING.origin: "a"}


def test_a_circle_of_what_is_known_ends() -> None:
    store, known = Store(), RedirectCache(75, Clock())
    store.pointers.documents = {one: {"_id": one, "to": to} for one, to in (("a", "b"), ("b", "a"))}
    assert store.redirects(known).cached_current("a") == "b"


def test_a_circle_of_events_on_their_way_ends() -> None:
    store = Store()
    store.redirects().point("a", "b", 1, NOW)
    store.redirects().point("b", "a", 1, NOW)
    store.redirects().point("a", None, 2, NOW)
    assert store.people() == {"a1": "a", "b1": "a", "c1": "c", "d1": "d", "e1": "e"}


def test_very_many_records_lead_to_one_and_all_are_its_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redirects, "POINTERS_PAGE", 3)
    store = Store()
    for number in range(10):
        store.redirects().point(f"p{number}", "a", 1, NOW)
    store.redirects().point("z", "p7", 1, NOW)
    assert store.redirects().members("a") == ["a", *(f"p{number}" for number in range(10)), "z"]


def test_a_row_that_is_given_to_another_record_does_not_come_back_with_the_one_that_it_was_written_for() -> None:
    store = Store()
    store.redirects().point("a", "b", 1, NOW)
    rows = Following(store.rows, HOLDING, store.redirects)  # type: ignore[arg-type]
    rows._collection = DriversOwn(store.rows)  # type: ignore[assignment]
    rows.update_many({"_id": "a1"}, {"$set": {"person_id": "c"}})
    store.redirects().follow("a")
    assert store.people()["a1"] == "c"
    store.redirects().point("a", None, 2, NOW)
    assert store.people()["a1"] == "c"
