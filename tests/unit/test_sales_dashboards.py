"""What dashboards add up: months, how far opportunities came, what part went on."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Conflict
from services.sales.closing.model import Closing
from services.sales.dashboards.figures import Sums, conversion, furthest_stage, months
from services.sales.opportunities.model import MOST_PASSED, Opportunity
from services.sales.pipeline.model import Pipeline, Stage

NOW = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
STAGES = ["a", "b", "c", "end"]


def test_all_months_with_a_day_in_the_period_are_there() -> None:
    assert months(dt.date(2025, 12, 31), dt.date(2026, 2, 1)) == ["2025-12", "2026-01", "2026-02"]
    assert months(dt.date(2026, 3, 5), dt.date(2026, 3, 5)) == ["2026-03"]


@pytest.mark.parametrize(
    ("visited", "won", "place"),
    [
        (["a"], False, 0),
        (["c", "a"], False, 2),
        (["gone"], False, 0),
        (["a"], True, 3),
        (["end"], False, 0),
        ([], False, 0),
    ],
)
def test_the_furthest_stage_counts_and_the_closing_one_only_by_winning(
    visited: list[str], won: bool, place: int
) -> None:
    assert furthest_stage(STAGES, visited, won) == place


def test_who_came_further_came_this_far_and_the_rate_is_of_those() -> None:
    found = conversion(Counter({0: 1, 1: 1, 3: 1}), 4)
    assert found == [(3, Decimal("66.7")), (2, Decimal("50.0")), (1, Decimal("100.0")), (1, None)]
    assert conversion(Counter(), 2) == [(0, None), (0, None)]


@given(st.lists(st.decimals(0, 10**9, places=2)))
def test_sums_are_exact_to_the_cent(amounts: list[Decimal]) -> None:
    sums = Sums()
    for amount in amounts:
        sums.add("BRL", amount)
    told = sums.as_data()
    assert (told[0]["amount"] if told else Decimal()) == sum(amounts, Decimal())


def made() -> tuple[Opportunity, Pipeline]:
    pipeline = Pipeline.default("c1")
    data = {"person_id": "p1", "description": "Forno"}
    return Opportunity.create("o1", "c1", pipeline.first, NOW, NOW.date(), data), pipeline


def test_an_opportunity_keeps_the_stages_that_it_left_each_once() -> None:
    one, pipeline = made()
    first, second, third, *_ = pipeline.stages
    for stage in (second, first, second, third, third):
        one.move(stage)
    assert one.passed == [first.id, second.id]
    one.close(NOW, pipeline.closing, Closing("Ana"))
    assert one.passed == [first.id, second.id, third.id]
    for number in range(2 * MOST_PASSED):
        one._leave(str(number))
    assert len(one.passed) == MOST_PASSED


def test_the_closing_stage_is_no_place_to_move_to() -> None:
    one, pipeline = made()
    with pytest.raises(Conflict, match="outcome_required"):
        one.move(pipeline.closing)
    assert (one.status, one.stage_id) == ("open", pipeline.first.id)
    one.move(Stage("s9", "Outro"))
