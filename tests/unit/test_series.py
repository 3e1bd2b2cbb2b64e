"""Numbers that are taken beside a transaction: none twice, and none missing because a rule refused."""

from __future__ import annotations

import contextlib
import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.chassis.errors import ConcurrentUpdate, Conflict
from services.chassis.storage.series import Series

NAME = ("people.numbers", "c1:person_code")


class Counter:
    """The database's: hands out each number once."""

    def __init__(self) -> None:
        self.last = 0
        self._lock = threading.Lock()

    def __call__(self, count: int) -> range:
        with self._lock:
            self.last += count
            return range(self.last - count + 1, self.last + 1)


REFUSED = Conflict("refused", "")


def in_vain(
    series: Series, count: int, draw: Counter, name: tuple[str, str] = NAME, error: Exception = REFUSED
) -> list[int]:
    """The numbers of a transaction that takes them, and then fails."""
    unit, taken = object(), list[int]()
    with contextlib.suppress(type(error)), series.run(unit):
        taken += series.take(name, count, draw, unit)
        raise error
    series.settle(unit)
    return taken


def test_they_come_one_after_another() -> None:
    series, draw = Series(), Counter()
    assert [series.take(NAME, count, draw) for count in (1, 3, 1)] == [[1], [2, 3, 4], [5]]


def test_one_of_a_command_that_is_refused_goes_to_the_next_who_asks() -> None:
    series, draw = Series(), Counter()
    assert in_vain(series, 2, draw) == [1, 2]
    assert series.take(NAME, 3, draw) == [1, 2, 3]


def duplicate(text: str) -> ConcurrentUpdate:
    """What a repository makes of a refusal by a unique index."""
    error = ConcurrentUpdate("person_exists", "")
    error.__cause__ = DuplicateKeyError(f"E11000 duplicate key error index: company_1_code_1 dup key: {text}")
    return error


def test_one_that_is_in_use_never_comes_back() -> None:
    """It would be refused to whoever takes it, given back, and taken again: nobody could register any more."""
    series, draw = Series(), Counter()
    assert in_vain(series, 1, draw, error=duplicate('{ company: "c1", code: 1 }')) == [1]
    assert series.take(NAME, 1, draw) == [2]


def test_nor_one_of_a_chunk_that_was_inserted_together() -> None:
    series, draw = Series(), Counter()
    refusal = {"writeErrors": [{"index": 0, "code": 11000, "errmsg": 'dup key: { company: "c1", code: 2 }'}]}
    in_vain(series, 3, draw, error=BulkWriteError(refusal))
    assert series.take(NAME, 3, draw) == [1, 3, 4]


def test_a_lost_race_for_something_else_loses_no_number() -> None:
    series, draw = Series(), Counter()
    assert in_vain(series, 1, draw, error=duplicate('{ company: "c1", document: "52998224725" }')) == [1]
    assert series.take(NAME, 1, draw) == [1]


def test_a_transaction_that_is_run_again_takes_the_same() -> None:
    """With_transaction runs the work again after a commit that came to nothing."""
    series, draw, unit = Series(), Counter(), object()
    for _ in range(3):
        with series.run(unit):
            assert series.take(NAME, 1, draw, unit) == [1]
    series.settle(unit)
    assert series.take(NAME, 1, draw) == [2]


def test_one_whose_commit_nobody_knows_to_have_failed_is_not_given_again() -> None:
    series, draw, unit = Series(), Counter(), object()
    with series.run(unit):
        series.take(NAME, 1, draw, unit)
    series.settle(unit)  # the commit has raised, or not
    assert series.take(NAME, 1, draw) == [2]


def test_series_do_not_mix() -> None:
    series, people, quotes = Series(), Counter(), Counter()
    other = ("people.numbers", "c2:person_code")
    in_vain(series, 1, people)
    assert series.take(other, 1, quotes) == [1]
    assert (people.last, quotes.last) == (1, 1)


def test_what_was_free_stays_free_where_the_database_fails() -> None:
    series, draw = Series(), Counter()

    def fails(count: int) -> range:
        raise OSError

    in_vain(series, 1, draw)
    with pytest.raises(OSError):
        series.take(NAME, 2, fails)
    assert series.take(NAME, 1, draw) == [1]


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["commits", "is refused"])), max_size=30))
def test_no_number_twice_and_none_missing(units: list[tuple[int, str]]) -> None:
    series, draw = Series(), Counter()
    used: list[int] = []
    for count, end in units:
        unit = object()
        with contextlib.suppress(Conflict), series.run(unit):
            numbers = series.take(NAME, count, draw, unit)
            if end == "is refused":
                raise REFUSED
            used += numbers
        series.settle(unit)
    rest = series.take(NAME, draw.last - len(used), draw) if draw.last > len(used) else []
    assert sorted(used + rest) == [*range(1, draw.last + 1)]


def test_many_threads_at_once() -> None:
    series, draw = Series(), Counter()
    used: list[int] = []

    def work(number: int) -> None:
        for turn in range(50):
            unit = object()
            try:
                with series.run(unit):
                    taken = series.take(NAME, 1 + turn % 3, draw, unit)
                    if (turn + number) % 4 == 0:
                        raise REFUSED
                used.extend(taken)
            except Conflict:
                pass
            series.settle(unit)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rest = series.take(NAME, draw.last - len(used), draw)
    assert sorted(itertools.chain(used, rest)) == [*range(1, draw.last + 1)]
