"""Attributes that are made when they are first read (services/chassis/lazy.py)."""

from __future__ import annotations

import threading

from services.chassis.lazy import lazy


class Reader:
    made = 0

    def __init__(self, started: threading.Event | None = None, go_on: threading.Event | None = None) -> None:
        self.started, self.go_on = started, go_on

    @lazy
    def value(self) -> int:
        """What is read."""
        if self.started and self.go_on:
            self.started.set()
            assert self.go_on.wait(10)
        self.made += 1
        return self.made


def test_it_is_made_once_for_each_instance() -> None:
    one, other = Reader(), Reader()
    assert (one.value, one.value, one.made) == (1, 1, 1)
    assert other.made == 0
    assert other.value == 1
    assert Reader.value.__doc__ == "What is read."


def test_while_one_instance_makes_its_value_the_others_do_not_wait() -> None:
    started, go_on = threading.Event(), threading.Event()
    slow = Reader(started, go_on)
    slowly = threading.Thread(target=lambda: slow.value)
    slowly.start()
    assert started.wait(10)
    quick = threading.Thread(target=lambda: other.value)
    other = Reader()
    quick.start()
    quick.join(5)
    waited = quick.is_alive()
    go_on.set()
    slowly.join()
    quick.join()
    assert not waited
