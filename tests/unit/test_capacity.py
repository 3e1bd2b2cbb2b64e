"""The calculation of what an installation needs (docs/capacity.md)."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.bench.capacity import AT_WORK, HABITS, USABLE, mixture, processors

COSTS = {name: {"gateway": 5.0, "people": 1.0} for name in HABITS}


def test_an_installation_needs_what_its_users_do_in_their_busiest_hour() -> None:
    found = processors(COSTS, 1000)
    seconds = 1000 * AT_WORK * sum(HABITS.values()) * 0.005
    assert found["gateway"] == pytest.approx(seconds / 3600 / USABLE)
    assert found["people"] == pytest.approx(found["gateway"] / 5)
    assert processors(COSTS, 2000)["gateway"] == pytest.approx(2 * found["gateway"])


def test_the_mixture_has_each_operation_in_its_share_and_never_one_alone_for_long() -> None:
    names = [one.name for one in mixture()]
    assert Counter(names) == Counter(HABITS)
    half = Counter(names[: len(names) // 2])
    assert all(abs(half[name] - times / 2) <= 1 for name, times in HABITS.items())
