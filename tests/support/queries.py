"""Is a recorded read served by an index? Equality first, then sort, then range; bounded; no skip (ADR 0003).

The stand-in engines sort in memory and hide a missing index, so the shape is proved instead of the time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from services.chassis.handling import replay_protection
from services.chassis.handling.idempotency import IDEMPOTENCY_INDEX
from services.chassis.handling.subscriptions import INBOX_INDEX
from services.chassis.jobs.parking import PARKED_INDEX
from services.chassis.messaging.outbox import COLLECTION
from services.chassis.process.service import Service
from services.chassis.replicas.redirects import COLLECTION as REDIRECTS
from services.chassis.storage.indexes import FILLED, SET, Index, SystemIndex

EQUALITY_OPERATORS = {"$eq", "$all"}
# MongoDB reads an index once for each value of such a list, and merges what it reads in the order of the sort.
FEW = 10
RANGE_OPERATORS = {"$lt", "$lte", "$gt", "$gte", "$in", "$exists", "$ne"}


@dataclass(frozen=True)
class Shape:
    """The keys of an index as the database has them."""

    keys: tuple[tuple[str, int], ...]
    unique: bool = False
    only: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Read:
    """A find, or an aggregate that is one."""

    where: str
    equality: Mapping[str, Any]
    ranges: frozenset[str]
    sort: tuple[tuple[str, int], ...]
    limit: int
    skip: int
    unknown: tuple[str, ...] = ()
    few: frozenset[str] = frozenset()
    # ranges with a lower bound
    bounded: frozenset[str] = frozenset()


BY_ID = Shape((("_id", 1),), unique=True)


def shapes_of(service: type[Service]) -> dict[str, list[Shape]]:
    """The indexes that a service declares, by collection."""
    jobs: list[Index | SystemIndex] = [
        SystemIndex(name, [("next_at", 1)]) for name in (COLLECTION, REDIRECTS, *service.jobs)
    ]
    found: dict[str, list[Shape]] = {}
    declared: list[Index | SystemIndex] = [
        *service.all_indexes(),
        IDEMPOTENCY_INDEX,
        replay_protection.INDEX,
        INBOX_INDEX,
        PARKED_INDEX,
        *jobs,
    ]
    for index in declared:
        if isinstance(index, Index):
            shape = Shape((("company", 1), *index.keys), index.unique, index.only or None)
        else:
            shape = Shape(tuple(index.keys))
        found.setdefault(index.collection, []).append(shape)
    return found


def violations(log: Path, services: Iterable[type[Service]]) -> list[str]:
    """What is wrong with the recorded reads, each once."""
    shapes = {service.name: shapes_of(service) for service in services}
    wrong: dict[str, None] = {}
    for line in log.read_text().splitlines():
        recorded = json.loads(line)
        owner = recorded["database"].rsplit("_", 1)[-1]
        read = read_of(recorded)
        for trouble in troubles(read, shapes.get(owner, {}).get(str(recorded["collection"]), [])):
            wrong[f"{read.where}: {trouble}"] = None
    return list(wrong)


def read_of(recorded: Mapping[str, Any]) -> Read:
    where = f"{recorded['database'].rsplit('_', 1)[-1]}.{recorded['collection']}"
    if recorded["command"] == "aggregate":
        return _pipeline(where, recorded["pipeline"])
    condition, sort = recorded.get("filter", {}), recorded.get("sort", {})
    return _read(where, condition, sort, abs(recorded.get("limit", 0)), recorded.get("skip", 0))


def troubles(read: Read, indexes: Iterable[Shape]) -> list[str]:
    """Empty for a read that an index serves in ESR order, and whose result is bounded."""
    usable = [BY_ID, *(index for index in indexes if _covers_partial(read, index))]
    unique = any(index.unique and all(key in read.equality for key, _ in index.keys) for index in usable)
    found = [f"not understood: {part}" for part in read.unknown]
    if read.skip:
        found.append("skip")
    if not read.limit and not unique:
        found.append("unbounded")
    if not unique and not any(_serves(way, index) for way in _ways(read) for index in usable):
        found.append(f"no index for {sorted(read.equality)} sort {list(read.sort)} range {sorted(read.ranges)}")
    return found


def _ways(read: Read) -> list[Read]:
    """A field that has one of a few values is an equality to an index that has it before the sort, else a range."""
    as_equality = {**read.equality, **dict.fromkeys(read.few)}
    return [read, replace(read, equality=as_equality, ranges=read.ranges - read.few)]


def _serves(read: Read, index: Shape) -> bool:
    keys = list(index.keys)
    matched = set()
    while keys and keys[0][0] in read.equality:
        matched.add(keys.pop(0)[0])
    wanted = [(field, way) for field, way in read.sort if field not in matched]
    head = keys[: len(wanted)]
    forward, backward = head == wanted, head == [(field, -way) for field, way in wanted]
    if not (forward or backward):
        return False
    after = keys[len(wanted) :][:1]
    reached = {field for field, _ in [*wanted, *(after if not wanted or read.ranges else [])]}
    return set(read.equality) <= matched and read.ranges <= reached and bool(matched or wanted or read.ranges)


def _covers_partial(read: Read, index: Shape) -> bool:
    """A partial index on filled strings serves an equality with one; on {"$type": "string"} it serves none. On either,
    and on moments, it serves what has a lower bound: only such values are above it."""
    for field, condition in (index.only or {}).items():
        filled = condition == FILLED and isinstance(read.equality.get(field), str)
        if not filled and not (condition in (FILLED, SET) and field in read.bounded):
            return False
    return True


def _read(where: str, condition: Mapping[str, Any], sort: Mapping[str, int], limit: int, skip: int) -> Read:
    equality: dict[str, Any] = {}
    ranges: set[str] = set()
    few: set[str] = set()
    bounded: set[str] = set()
    unknown: list[str] = []
    for field, value in condition.items():
        operators = set(value) if isinstance(value, dict) and any(key.startswith("$") for key in value) else set()
        if field == "$or":
            unknown += [] if _is_keyset(value, sort) else ["$or that is no keyset page of the sort"]
        elif field == "$and" and all(set(branch) <= condition.keys() for branch in value):
            pass  # more of a field that is asked for already: read by the index, then left out
        elif field.startswith("$"):
            unknown.append(field)
        elif operators <= EQUALITY_OPERATORS or (field == "_id" and operators == {"$in"}):  # as many as are named
            equality[field] = value
        elif operators <= RANGE_OPERATORS:
            ranges.add(field)
            few |= {field} if operators == {"$in"} and len(value["$in"]) <= FEW else set()
            bounded |= {field} if operators & {"$gt", "$gte"} else set()
        else:
            unknown.append(f"{field} {sorted(operators)}")
    kinds = frozenset(few), frozenset(bounded)
    return Read(where, equality, frozenset(ranges), tuple(sort.items()), limit, skip, tuple(unknown), *kinds)


def _is_keyset(branches: list[Mapping[str, Any]], sort: Mapping[str, int]) -> bool:
    """A page of (a, b) reads a beyond x, or a equal x and b beyond y: a range on the sort, in its order."""
    fields = list(sort)
    expected = [set(fields[: size + 1]) for size in range(len(branches))]
    return bool(fields) and [set(branch) for branch in branches] == expected


def _pipeline(where: str, stages: list[Mapping[str, Any]]) -> Read:
    """$match (MongoDB makes one of several), $sort, $limit in this order; anything before them reads more than an index
    gives."""
    parts: dict[str, Any] = {}
    unknown = []
    matches = list(takewhile(lambda stage: "$match" in stage, stages))
    match = {name: value for stage in matches for name, value in stage["$match"].items()}
    for stage, expected in zip(
        [{"$match": match}, *stages[len(matches) :]], ("$match", "$sort", "$limit"), strict=False
    ):
        name, value = next(iter(stage.items()))
        if name != expected:
            unknown.append(f"stage {name} where {expected} belongs")
            break
        parts[name] = value
    read = _read(where, parts.get("$match", {}), parts.get("$sort", {}), parts.get("$limit", 0), 0)
    return replace(read, unknown=(*read.unknown, *unknown))
