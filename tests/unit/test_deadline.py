"""One deadline over many operations (row N7)."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from contextlib import suppress

import eventlet
import pytest

from services.chassis.jobs.deadline import DeadlinePassed, within


def drip() -> None:
    for _ in range(1_000):
        eventlet.sleep(0.02)


def go_on_after_errors() -> None:
    """As a library does that tries the next address of a name."""
    for _ in range(100):
        with suppress(OSError):
            eventlet.sleep(1)


@pytest.mark.parametrize("work", [drip, go_on_after_errors])
def test_all_operations_together_have_one_deadline(work: Callable[[], None]) -> None:
    with pytest.raises(DeadlinePassed), within(0.1):
        work()


def test_work_that_is_done_in_time_is_not_ended_later() -> None:
    with within(0.05):
        pass
    eventlet.sleep(0.1)


def test_what_the_work_held_is_let_go_at_the_deadline_and_not_when_cycles_are_collected() -> None:
    """A socket, as one that is still being connected: nobody has a name for it yet."""

    class Held:
        pass

    seen = []

    def work() -> None:
        held = Held()
        seen.append(weakref.ref(held))
        drip()

    gc.disable()
    try:
        with suppress(DeadlinePassed), within(0.05):
            work()
        eventlet.sleep(0)  # the timer itself ends at the loop's next turn
        assert seen[0]() is None
    finally:
        gc.enable()


def test_an_outer_deadline_is_not_taken_for_the_inner_one() -> None:
    ended = []

    def nested() -> None:
        try:
            with within(5):
                drip()
        except DeadlinePassed:
            ended.append("inner")

    with pytest.raises(DeadlinePassed), within(0.05):
        nested()
    assert not ended
