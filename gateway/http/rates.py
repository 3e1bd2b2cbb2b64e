"""Rate limits by key, in this process: for the API (row G2) and for public pages.

They protect the other callers from one caller's load. Secrets of 256 bits need no limit against guessing.
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
    """Token buckets, one for each key: `per_minute` requests, refilled evenly. Beyond `most_keys`, the bucket of the
    key that was used longest ago is dropped, and begins full again."""

    def __init__(
        self, per_minute: int, clock: Callable[[], float] = time.monotonic, most_keys: int = MOST_KEYS
    ) -> None:
        self._most, self._clock, self._most_keys = float(per_minute), clock, most_keys
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, key: str) -> None:
        """Counts a request. Raises Limited("too_many_requests") instead where the bucket is empty."""
        if wait := self.take(key):
            detail = "Muitas requisições seguidas; aguarde e tente de novo."
            raise Limited("too_many_requests", detail, retry_after=wait)

    def take(self, key: str) -> int:
        """Counts a request and returns 0; or returns in how many seconds a request would be counted."""
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
    """Row G2: the limits of a company and of each API key, in requests a minute; 0 for no limit."""

    def __init__(self, company: int, key: int) -> None:
        self._companies = Rates(company) if company else None
        self._keys = Rates(key) if key else None

    def count(self, company: str, key: str | None) -> None:
        """Counts a request; `key`: the id of the API key, if it came with one. Raises Limited("too_many_requests")."""
        if self._keys and key:
            self._keys.count(key)
        if self._companies:
            self._companies.count(company)
