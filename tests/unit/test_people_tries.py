"""Wrong passwords: what is counted together, and how long the next try waits (row P9)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.addresses import network_of
from services.people.sessions.model.tries import ADDRESS, LIMITS, LOGIN, PAIR, Tries
from services.people.sessions.repository import Origin

NOW = dt.datetime(2031, 3, 5, 12, tzinfo=dt.UTC)


@given(st.sampled_from(sorted(LIMITS)), st.lists(st.integers(1, 2_000), min_size=1, max_size=80))
def test_each_failure_beyond_the_free_ones_waits_longer(kind: str, gaps: list[int]) -> None:
    limit, tries, now, before = LIMITS[kind], Tries("t", kind), NOW, 0.0
    for number, gap in enumerate(gaps, 1):
        now += dt.timedelta(seconds=max(gap, tries.wait(now)))
        locked = tries.fail(now)
        wait = tries.wait(now)
        if tries.failures < number:  # forgotten after a long pause, or leaked
            return
        assert locked is (number >= limit.free) is (wait > 0)
        assert before <= wait <= limit.longest.total_seconds() + 1
        before = wait


@pytest.mark.parametrize("kind", sorted(LIMITS))
def test_failures_are_forgotten_after_a_time(kind: str) -> None:
    limit, tries = LIMITS[kind], Tries("t", kind)
    for _ in range(limit.free):
        tries.fail(NOW)
    later = NOW + limit.forgotten_after
    assert tries.wait(NOW) == limit.first.total_seconds() + 1
    assert tries.wait(later) == 0
    assert not tries.fail(later)
    assert tries.failures == 1


@pytest.mark.parametrize("addresses", [1, 2])
def test_whoever_guesses_for_weeks_from_an_address_or_two_never_locks_the_login(addresses: int) -> None:
    """Each address guesses whenever its own lock lets it; the login's count leaks faster."""
    login, pairs = Tries("l", LOGIN), [Tries(f"p{number}", PAIR) for number in range(addresses)]
    now, guesses = NOW, 0
    while now < NOW + dt.timedelta(weeks=3):
        for pair in pairs:
            if not pair.wait(now):
                pair.fail(now)
                assert not login.fail(now)
                guesses += 1
        now += dt.timedelta(minutes=1)
    assert guesses > 1_000


def test_many_addresses_together_lock_the_login() -> None:
    """Though each of them is within its own free tries."""
    login, now, guesses = Tries("l", LOGIN), NOW, 0
    while not login.fail(now):
        now += dt.timedelta(seconds=30)
        guesses += 1
    assert guesses < LIMITS[LOGIN].free * 1.2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:0DB8:1:2::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::1", True),
        ("unknown", "unknown", True),
    ],
)
def test_the_addresses_of_one_customer_count_as_one(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


def test_each_kind_counts_its_own() -> None:
    here, there = Origin("ana", "203.0.113.7"), Origin("ana", "203.0.113.8")
    neighbour = Origin("bia", "203.0.113.7")
    assert here.digest(LOGIN) == there.digest(LOGIN) != neighbour.digest(LOGIN)
    assert here.digest(ADDRESS) == neighbour.digest(ADDRESS) != there.digest(ADDRESS)
    assert len({origin.digest(PAIR) for origin in (here, there, neighbour)}) == 3
    assert len({here.digest(kind) for kind in (*LIMITS, "known")}) == 4
