"""Named locks of one process, kept only while somebody holds or awaits them.

For transactions that met a conflict: run again side by side they conflict again, and the work grows with the square of
their number; one after another each succeeds at its first go.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class LaneBusy(Exception):
    """The lane was not free in time."""


class Lanes:
    """One holder a name. Safe between threads, green or not."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[threading.Lock, int]] = {}
        self._guard = threading.Lock()

    @contextmanager
    def hold(self, name: str, seconds: float) -> Iterator[None]:
        """Waits at most `seconds` for the lane; raises LaneBusy."""
        with self._guard:
            lock, users = self._locks.get(name, (threading.Lock(), 0))
            self._locks[name] = (lock, users + 1)
        try:
            if not lock.acquire(timeout=max(seconds, 0)):
                raise LaneBusy(name)
            try:
                yield
            finally:
                lock.release()
        finally:
            with self._guard:
                lock, users = self._locks.pop(name)
                if users > 1:
                    self._locks[name] = (lock, users - 1)
