"""The fields of a record are written as `dataclasses.asdict` gives them, without copying what cannot change."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from services.chassis.storage.records import fields_of

NOW = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Part:
    name: str
    at: dt.datetime = NOW


@dataclass
class Whole:
    id: str
    amount: Decimal | None
    parts: list[Part] = field(default_factory=list)
    by_name: dict[str, Part] = field(default_factory=dict)
    notes: list[dict[str, Any]] = field(default_factory=list)
    kind: str = field(init=False, default="whole")


def test_they_are_those_of_asdict_at_any_depth() -> None:
    whole = Whole("w", Decimal("1.50"), [Part("a")], {"b": Part("b")}, [{"on": NOW, "in": [1, None, True, 0.5, b"x"]}])
    assert fields_of(whole) == asdict(whole)


def test_lists_and_maps_are_new_ones() -> None:
    whole = Whole("w", None, notes=[{"a": 1}])
    written = fields_of(whole)
    written["notes"][0]["a"] = 2
    written["notes"].append({})
    written["by_name"]["c"] = {}
    assert whole == Whole("w", None, notes=[{"a": 1}])
