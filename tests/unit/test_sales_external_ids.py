"""Ids of other systems: one space a person, whatever was merged, and what was kept before is found (rows S17-S20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.shared.external_ids import old_source_of, shown_source, source_of
from services.sales.shared.external_records import find_external_record

LEADS = {"merged": "survivor", "chained": "merged"}


@dataclass
class Kept:
    person_id: str


class Leading:
    """Stands for a session's redirects."""

    def current(self, record_id: str) -> str:
        return self.current(LEADS[record_id]) if record_id in LEADS else record_id

    def members(self, record_id: str) -> list[str]:
        return [
            record_id,
            *(member for origin in LEADS if LEADS[origin] == record_id for member in self.members(origin)),
        ]


class Session:
    redirects = Leading()


def found(kept: Mapping[str, Kept], person_id: str, external_id: str = "1") -> Kept | None:
    session: Any = Session()
    return find_external_record(session, person_id, external_id, kept.get)


def test_the_same_id_of_two_persons_names_two_records() -> None:
    of_a, of_b = Kept("a"), Kept("b")
    kept = {source_of("a", "1"): of_a, source_of("b", "1"): of_b}
    assert found(kept, "a") is of_a
    assert found(kept, "b") is of_b
    assert found(kept, "c") is None


@pytest.mark.parametrize("named", ["survivor", "merged", "chained"])
def test_a_merged_persons_record_is_found_under_every_id_that_leads_to_it(named: str) -> None:
    moved = Kept("survivor")
    assert found({source_of("chained", "1"): moved}, named) is moved


def test_of_two_merged_persons_with_the_same_id_each_keeps_its_own_record() -> None:
    own, others = Kept("survivor"), Kept("survivor")
    kept = {source_of("survivor", "1"): own, source_of("merged", "1"): others}
    assert found(kept, "survivor") is own
    assert found(kept, "merged") is others


@pytest.mark.parametrize(("named", "expected"), [("survivor", True), ("merged", True), ("a", False)])
def test_a_record_from_before_is_its_persons_and_no_others(named: str, expected: bool) -> None:
    old = Kept("survivor")
    assert (found({old_source_of("1"): old}, named) is old) == expected


@given(st.text(min_size=1), st.text(min_size=1))
def test_every_id_is_shown_as_it_was_given_and_no_two_are_kept_as_one(one: str, other: str) -> None:
    assert shown_source(source_of("a" * 32, one)) == shown_source(old_source_of(one)) == f"external:{one}"
    assert (source_of("a" * 32, one) == source_of("a" * 32, other)) == (one == other)
    assert shown_source("opportunity:x:1") == "opportunity:x:1"
