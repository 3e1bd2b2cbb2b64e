"""So many requests a minute for each key, in this process: of the API (row G2), and of pages that anybody may open.

It keeps one caller's load from the others; a secret of 256 bits needs no limit against guessing.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from services.chassis.errors import Limited

MOST_KEYS = 10_000
MINUTE = 60.0


class Rates:
    """A bucket for each key, full of `per_minute` requests, that refills evenly; the keys asked for longest ago are
    forgotten, which is to be full again."""

    def __init__(
        self, per_minute: int, clock: Callable[[], float] = time.monotonic, most_keys: int = MOST_KEYS
    ) -> None:
        self._most, self._clock, self._most_keys = float(per_minute), clock, most_keys
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, key: str) -> None:
        """Raises Limited("too_many_requests"), and the request is not counted."""
        if wait := self.take(key):
            detail = "Muitas requisições seguidas; aguarde e tente de novo."
            raise Limited("too_many_requests", detail, retry_after=wait)

    def take(self, key: str) -> int:
        """0, and the request is counted; else in how many whole seconds it would be."""
        with self._lock:
            now = self._clock()
            left, at = self._left.pop(key, (self._most, now))
            left = min(self._most, left + (now - at) * self._most / MINUTE)
            wait = 0 if left >= 1 else int((1 - left) * MINUTE / self._most) + 1
            self._left[key] = (left - (0 if wait else 1), now)
            if len(self._left) > self._most_keys:
                self._left.popitem(last=False)
            return wait


class CallerRates:
    """Row G2: of a company, and of each of its API keys; requests a minute, 0 for any number."""

    def __init__(self, company: int, key: int) -> None:
        self._companies = Rates(company) if company else None
        self._keys = Rates(key) if key else None

    def count(self, company: str, key: str | None) -> None:
        """`key`: of an API key's requests, whose it is. Raises Limited("too_many_requests")."""
        if self._keys and key:
            self._keys.count(key)
        if self._companies:
            self._companies.count(company)
