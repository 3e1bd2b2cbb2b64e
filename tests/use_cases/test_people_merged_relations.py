"""Rows P5, P7: who is related to a person stays so when either is merged, and when that is undone."""

from __future__ import annotations

import pytest

from tests.support.builders.people_in_memory import MergeableRegistry


@pytest.fixture
def registry() -> MergeableRegistry:
    return MergeableRegistry()


def test_relations_of_a_merged_person_are_the_survivors_from_both_sides(registry: MergeableRegistry) -> None:
    registry.relate(registry.merged, registry.third, "employee")
    registry.merge(registry.survivor, registry.merged)
    assert registry.related(registry.survivor) == {("employee", registry.third)}
    assert registry.related(registry.third) == {("employer", registry.survivor)}
    registry.unmerge(registry.merged)
    assert registry.related(registry.survivor) == set()
    assert registry.related(registry.merged) == {("employee", registry.third)}
    assert registry.related(registry.third) == {("employer", registry.merged)}


def test_two_who_were_related_are_not_related_to_themselves_once_merged(registry: MergeableRegistry) -> None:
    registry.relate(registry.survivor, registry.merged, "partner")
    registry.relate(registry.survivor, registry.third, "customer")
    registry.merge(registry.survivor, registry.third)
    registry.merge(registry.survivor, registry.merged)
    assert registry.related(registry.survivor) == set()
    later = registry.relate(registry.survivor, registry.registered("Rui"), "relative")
    registry.unmerge(registry.merged)
    assert registry.related(registry.merged) == {("partner", registry.survivor)}
    assert ("partner", registry.merged) in registry.related(registry.survivor)
    registry.unrelate(registry.survivor, later)
    registry.unmerge(registry.third)
    assert registry.related(registry.third) == {("supplier", registry.survivor)}


@pytest.mark.parametrize("side", ["survivor", "third"])
def test_a_relation_that_ended_while_a_person_was_merged_does_not_come_back(
    registry: MergeableRegistry, side: str
) -> None:
    relation = registry.relate(registry.merged, registry.third, "employee")
    registry.merge(registry.survivor, registry.merged)
    registry.unrelate(getattr(registry, side), relation)
    registry.unmerge(registry.merged)
    assert registry.related(registry.merged) == registry.related(registry.third) == set()
    registry.relate(registry.merged, registry.third, "employee")
    assert registry.related(registry.third) == {("employer", registry.merged)}


def test_both_sides_merged_are_related_still(registry: MergeableRegistry) -> None:
    registry.relate(registry.merged, registry.third, "employee")
    other = registry.registered("Caio R.")
    registry.merge(other, registry.third)
    registry.merge(registry.survivor, registry.merged)
    assert registry.related(registry.survivor) == {("employee", other)}
    assert registry.related(other) == {("employer", registry.survivor)}
