"""The checker of query shapes: good reads pass, planted bad ones fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.chassis.storage.indexes import FILLED, SET
from services.people.service import People
from tests.support.queries import BY_ID, Shape, read_of, troubles, violations

INDEXES = [
    Shape((("company", 1), ("person_id", 1), ("at", -1), ("_id", -1))),
    Shape((("company", 1), ("login", 1)), unique=True),
    Shape((("company", 1), ("document", 1)), unique=True, only={"document": FILLED}),
    Shape((("company", 1), ("import_key", 1)), unique=True, only={"import_key": {"$type": "string"}}),
    Shape((("next_at", 1),)),
    Shape((("company", 1), ("closed_at", 1)), only={"closed_at": SET}),
    Shape((("company", 1), ("day", 1)), only={"day": FILLED}),
]
PAGE = {"company": "c", "person_id": "p"}
NEWEST = {"at": -1, "_id": -1}
KEYSET = [{"at": {"$lt": 1}}, {"at": 1, "_id": {"$lt": "x"}}]


def found(**fields: Any) -> list[str]:
    recorded = {"database": "t_people", "collection": "things", "command": "find", **fields}
    return troubles(read_of(recorded), INDEXES)


@pytest.mark.parametrize(
    "good",
    [
        {"filter": PAGE, "sort": NEWEST, "limit": 21},
        {"filter": PAGE, "sort": {"at": 1, "_id": 1}, "limit": 21},
        {"filter": {**PAGE, "$or": KEYSET}, "sort": NEWEST, "limit": 21},
        {"filter": {**PAGE, "at": {"$gte": 1}}, "sort": NEWEST, "limit": 5},
        {"filter": {**PAGE, "$and": [{"person_id": "q"}]}, "sort": NEWEST, "limit": 21},
        {"filter": {"company": "c", "person_id": {"$in": ["a", "b"]}}, "sort": NEWEST, "limit": 20},
        {"filter": {"company": "c", "_id": "x"}},
        {"filter": {"company": "c", "_id": {"$in": ["x", "y"]}}},
        {"filter": {"company": "c", "login": "x"}},
        {"filter": {"company": "c", "document": "123"}, "limit": 1},
        {"filter": {"next_at": {"$lte": 1}}, "sort": {"next_at": 1}, "limit": 200},
        {"filter": {"company": "c", "closed_at": {"$gte": 1, "$lt": 2}}, "sort": {"closed_at": 1}, "limit": 20},
        {"filter": {"company": "c", "day": {"$gt": "2026-11-30"}}, "sort": {"day": 1}, "limit": 20},
    ],
)
def test_a_read_that_an_index_serves_passes(good: dict[str, Any]) -> None:
    assert found(**good) == []


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        ({"filter": PAGE, "sort": NEWEST}, "unbounded"),
        ({"filter": PAGE, "sort": NEWEST, "limit": 20, "skip": 20}, "skip"),
        ({"filter": PAGE, "sort": {"title": 1}, "limit": 20}, "no index"),
        ({"filter": PAGE, "sort": {"at": -1, "_id": 1}, "limit": 20}, "no index"),
        ({"filter": {"company": "c", "title": "x"}, "limit": 1}, "no index"),
        ({"filter": {**PAGE, "title": "x"}, "sort": NEWEST, "limit": 20}, "no index"),
        ({"filter": {"company": "c", "person_id": {"$in": [*range(11)]}}, "sort": NEWEST, "limit": 20}, "no index"),
        ({"filter": {"company": "c", "document": None}, "limit": 1}, "no index"),
        ({"filter": {"company": "c", "import_key": "x"}, "limit": 1}, "no index"),
        ({"filter": {"company": "c", "closed_at": {"$lt": 2}}, "sort": {"closed_at": 1}, "limit": 20}, "no index"),
        ({"filter": {"company": "c", "closed_at": "x"}, "limit": 1}, "no index"),
        ({"filter": {"company": "c", "day": {"$lt": "2026-11-30"}}, "sort": {"day": 1}, "limit": 20}, "no index"),
        ({"filter": {"company": "c"}, "sort": NEWEST, "limit": 20}, "no index"),
        ({"filter": {**PAGE, "$and": [{"title": "x"}]}, "sort": NEWEST, "limit": 20}, "not understood"),
        ({"filter": {}, "limit": 20}, "no index"),
        ({"filter": {**PAGE, "$or": [{"title": "x"}]}, "sort": NEWEST, "limit": 20}, "not understood"),
        ({"filter": {**PAGE, "at": {"$regex": "x"}}, "sort": NEWEST, "limit": 20}, "not understood"),
    ],
)
def test_a_planted_bad_read_fails(bad: dict[str, Any], word: str) -> None:
    assert any(word in trouble for trouble in found(**bad)), found(**bad)


def test_an_aggregate_must_be_a_bounded_find() -> None:
    recorded = {"database": "t_people", "collection": "things", "command": "aggregate"}
    good = [{"$match": PAGE}, {"$sort": NEWEST}, {"$limit": 5}, {"$project": {"at": 1}}]
    assert troubles(read_of({**recorded, "pipeline": good}), INDEXES) == []
    two = [{"$match": PAGE}, {"$match": {"$and": [{"person_id": "q"}]}}, {"$sort": NEWEST}, {"$limit": 5}]
    assert troubles(read_of({**recorded, "pipeline": two}), INDEXES) == []
    bad = [{"$match": PAGE}, {"$group": {"_id": None, "n": {"$sum": 1}}}]
    assert troubles(read_of({**recorded, "pipeline": bad}), INDEXES) != []


def test_the_log_is_read_against_the_indexes_of_its_service(tmp_path: Path) -> None:
    log = tmp_path / "queries.jsonl"
    good = {"filter": {"company": "c", "code": 1}, "limit": 1}
    bad = {"filter": {"company": "c", "name": "Ana"}, "limit": 1}
    lines = [{"database": "tx_people", "collection": "persons", "command": "find", **read} for read in (good, bad, bad)]
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert violations(log, [People]) == ["people.persons: no index for ['company', 'name'] sort [] range []"]


def test_the_id_index_is_always_there() -> None:
    assert troubles(read_of({"database": "x", "collection": "y", "command": "find", "filter": {"_id": 1}}), []) == []
    assert BY_ID.unique
