"""Named locks of one process, each of which exists only while it is held or awaited.

They serve transactions that had a conflict: run again at the same time they conflict again, and the work grows with the
square of their number; one after another each succeeds at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class LockTimeout(Exception):
    """The lock was not free in time."""


class NamedLocks:
    """At most one holder for each name. Safe between threads, green or not."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[threading.Lock, int]] = {}
        self._guard = threading.Lock()

    @contextmanager
    def hold(self, name: str, seconds: float) -> Iterator[None]:
        """Waits at most `seconds` for the lock; raises LockTimeout."""
        with self._guard:
            lock, users = self._locks.get(name, (threading.Lock(), 0))
            self._locks[name] = (lock, users + 1)
        try:
            if not lock.acquire(timeout=max(seconds, 0)):
                raise LockTimeout(name)
            try:
                yield
            finally:
                lock.release()
        finally:
            with self._guard:
                lock, users = self._locks.pop(name)
                if users > 1:
                    self._locks[name] = (lock, users - 1)
