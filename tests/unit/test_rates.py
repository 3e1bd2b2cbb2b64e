"""Row S25: so many requests a minute for each key, for pages that anybody may open; and what one address is."""

from __future__ import annotations

import pytest

from gateway.http.rates import Rates
from services.chassis.addresses import network_of


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_full_minute_is_allowed_at_once_and_then_it_refills_evenly(clock: Clock) -> None:
    rates = Rates(6, clock)
    assert [rates.take("a") for _ in range(7)] == [0] * 6 + [11]
    clock.now += 5
    assert rates.take("a") == 6
    clock.now += 6
    assert rates.take("a") == 0
    assert 0 < rates.take("a") <= 10
    clock.now += 3600
    assert [rates.take("a") for _ in range(7)] == [0] * 6 + [11], "no more than a minute's worth is saved up"


def test_one_key_takes_nothing_from_another(clock: Clock) -> None:
    rates = Rates(1, clock)
    assert (rates.take("a"), rates.take("b"), rates.take("a") > 0) == (0, 0, True)


def test_who_is_refused_does_not_wait_longer_for_asking(clock: Clock) -> None:
    rates = Rates(1, clock)
    rates.take("a")
    for _ in range(50):
        assert rates.take("a") > 0
    clock.now += 61
    assert rates.take("a") == 0


def test_the_keys_asked_for_longest_ago_are_forgotten(clock: Clock) -> None:
    rates = Rates(1, clock, most_keys=2)
    for key in ("a", "b", "c"):
        assert rates.take(key) == 0
    assert rates.take("c") > 0
    assert rates.take("a") == 0


@pytest.mark.parametrize(
    ("address", "counted"),
    [("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"),
     ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("unknown", "unknown")],
)  # fmt: skip
def test_an_address_counts_with_its_network(address: str, counted: str) -> None:
    assert network_of(address) == counted
