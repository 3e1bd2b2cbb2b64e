"""What several ask at the same moment is done together, and each is answered for itself."""

from __future__ import annotations

from collections.abc import Sequence

import eventlet
import pytest
from pymongo.errors import AutoReconnect

from services.chassis.jobs.rounds import Rounds

GATHER = 0.01


class Doubling:
    """Answers twice the number; takes `seconds` for a round. Zero is an error of its own, a negative one breaks its
    round, and with a hundred the database is away.
    """

    def __init__(self, seconds: float = 0) -> None:
        self.rounds: list[list[int]] = []
        self._seconds = seconds

    def __call__(self, items: Sequence[int]) -> list[int | Exception]:
        self.rounds.append(list(items))
        eventlet.sleep(self._seconds)
        if min(items) < 0:
            raise LookupError("broken")
        if 100 in items:
            raise AutoReconnect("away")
        return [2 * item if item else ValueError("its own") for item in items]


def asked(rounds: Rounds[int, int], *items: int) -> list[int | str]:
    """By several at once: each one's answer, or the text of its error."""

    def ask(item: int) -> int | str:
        try:
            return rounds.ask(item)
        except (ValueError, LookupError, AutoReconnect) as error:
            return str(error)

    return [one.wait() for one in [eventlet.spawn(ask, item) for item in items]]


def test_those_who_ask_at_the_same_moment_are_answered_by_one_round() -> None:
    work = Doubling()
    assert asked(Rounds(work, GATHER), 1, 2, 3) == [2, 4, 6]
    assert work.rounds == [[1, 2, 3]]


def test_who_asks_during_a_round_is_in_the_next_one() -> None:
    work = Doubling(seconds=0.05)
    rounds = Rounds[int, int](work, GATHER)
    first = eventlet.spawn(rounds.ask, 1)
    eventlet.sleep(3 * GATHER)
    assert asked(rounds, 2, 3) == [4, 6]
    assert first.wait() == 2
    assert work.rounds == [[1], [2, 3]]


def test_a_round_takes_no_more_than_it_may() -> None:
    work = Doubling()
    assert asked(Rounds(work, GATHER, most=2), 1, 2, 3) == [2, 4, 6]
    assert work.rounds == [[1, 2], [3]]


def test_an_error_of_one_item_is_no_error_of_the_others() -> None:
    assert asked(Rounds(Doubling(), GATHER), 1, 0, 3) == [2, "its own", 6]


def test_an_item_that_breaks_its_round_breaks_no_other() -> None:
    work = Doubling()
    assert asked(Rounds(work, GATHER), 1, -1, 3) == [2, "broken", 6]
    assert work.rounds == [[1, -1, 3], [1], [-1], [3]]


def test_a_database_that_is_away_is_asked_once_a_round_and_the_next_round_goes_on() -> None:
    work = Doubling()
    rounds = Rounds[int, int](work, GATHER)
    assert asked(rounds, 1, 100) == ["away", "away"]
    assert asked(rounds, 4) == [8]
    assert work.rounds == [[1, 100], [4]]


def test_an_asker_that_is_broken_off_does_not_end_the_round_of_the_others() -> None:
    rounds = Rounds[int, int](Doubling(seconds=0.05), GATHER)
    other = eventlet.spawn(rounds.ask, 2)

    def impatient() -> None:
        with pytest.raises(eventlet.Timeout), eventlet.Timeout(2 * GATHER):
            rounds.ask(1)

    eventlet.spawn(impatient).wait()
    assert other.wait() == 4
