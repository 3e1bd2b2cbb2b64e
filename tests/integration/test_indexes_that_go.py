"""Indexes that no service declares any more are dropped by the operator's command, and no others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from pymongo.collection import Collection

from deploy.local.database import Database as Engine
from services.chassis.storage.database import Database
from services.chassis.storage.indexes import FILLED, SET, Index, SystemIndex

DAY = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
KEPT: list[Index | SystemIndex] = [
    Index("things", [("person_id", 1)]),
    Index("things", [("due_at", 1)], only={"due_at": SET}, name="due"),
    Index("things", [("day", 1)], only={"day": FILLED}, name="of_day"),
    SystemIndex("things", [("next_at", 1)]),
    SystemIndex("ending", [("ends_at", 1)], expire_after=0),
    SystemIndex("ending", [("seen_at", 1)], expire_after=3600),
    Index("ending", [("login", 1)], unique=True),
]
GONE: list[Index | SystemIndex] = [Index("things", [("status", 1)]), SystemIndex("old", [("next_at", 1)])]


@pytest.fixture
def kept(database: Engine) -> Iterator[Database]:
    found = Database(database.uri, "indexes_of_a_test")
    yield found
    found.client.drop_database("indexes_of_a_test")
    found.close()


def test_only_undeclared_indexes_are_dropped_and_once(kept: Database) -> None:
    kept.ensure_indexes([*KEPT, *GONE])
    assert sorted(kept.drop_undeclared_indexes(KEPT)) == ["old.next_at_1", "things.company_1_status_1"]
    assert kept.drop_undeclared_indexes(KEPT) == []
    found = kept.collection("things").index_information()
    assert sorted(found) == sorted(["_id_", "company_1_person_id_1", "next_at_1", *_partial(kept.collection("things"))])


def test_an_index_that_became_partial_is_made_beside_and_the_former_goes_after_the_rollout(kept: Database) -> None:
    things = kept.collection("things")
    things.insert_many([{"_id": "a", "company": "c", "due_at": DAY, "day": "2026-11-30"}, {"_id": "b", "company": "c"}])
    kept.ensure_indexes([Index("things", [("due_at", 1)]), Index("things", [("day", 1)])])
    with mock.patch.object(Collection, "drop_index", side_effect=AssertionError("dropped while both versions run")):
        for _ in range(2):
            kept.ensure_indexes(KEPT)
    assert len(_partial(things)) == 2
    assert sorted(kept.drop_undeclared_indexes(KEPT)) == ["things.company_1_day_1", "things.company_1_due_at_1"]
    before = set(things.index_information())
    kept.ensure_indexes(KEPT)
    assert (
        set(things.index_information()) == before == {"_id_", "company_1_person_id_1", "next_at_1", *_partial(things)}
    )
    for where in ({"due_at": {"$gte": DAY}}, {"due_at": SET}, {"day": {"$gte": "2026-11-30"}}, {"day": FILLED}):
        assert [one["_id"] for one in things.find({"company": "c", **where})] == ["a"]
    assert [one["_id"] for one in things.find({"company": "c", "due_at": None})] == ["b"]


def test_the_version_before_finds_what_it_declares_alike_and_makes_what_it_declares_otherwise(kept: Database) -> None:
    """Up to 0.2.0 a service asked for indexes by keys and options, without a name."""
    alike = Index("things", [("flow_id", 1)], only={"flow_id": FILLED})
    kept.ensure_indexes([*KEPT, alike])
    things = kept.collection("things")
    with mock.patch.object(Collection, "drop_index", side_effect=AssertionError("dropped while both versions run")):
        assert things.create_index([("company", 1), ("due_at", 1)]) == "company_1_due_at_1"
        things.create_index([("company", 1), ("flow_id", 1)], partialFilterExpression={"flow_id": FILLED})
    assert len(things.index_information()) == 7


def test_a_partial_index_of_an_earlier_name_is_the_one(kept: Database) -> None:
    things = kept.collection("things")
    things.create_index([("company", 1), ("due_at", 1)], partialFilterExpression={"due_at": SET})
    before = set(things.index_information())
    kept.ensure_indexes([Index("things", [("due_at", 1)], only={"due_at": SET})])
    assert set(things.index_information()) == before
    assert kept.drop_undeclared_indexes([Index("things", [("due_at", 1)], only={"due_at": SET})]) == []


def _partial(things: Collection[Any]) -> list[str]:
    return [name for name, one in things.index_information().items() if "partialFilterExpression" in one]


def test_rows_expire_by_one_index_the_newest(kept: Database) -> None:
    for seconds in (3600, 7200):
        kept.ensure_indexes([SystemIndex("things", [("seen_at", 1)], seconds)])
    found = kept.collection("things").index_information()
    assert [one["expireAfterSeconds"] for one in found.values() if "expireAfterSeconds" in one] == [7200]
