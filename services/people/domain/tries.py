"""Wrong passwords in a row, and how long the next try must wait (row P9).

Counted for each login, known or not, and for each address, so that neither one login nor many can be guessed at.
No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """`free` failures in a row cost nothing; then each doubles the wait, from `first` to `longest`."""

    free: int
    first: dt.timedelta
    longest: dt.timedelta
    forgotten_after: dt.timedelta


LIMITS: dict[str, Limit] = {
    "login": Limit(5, dt.timedelta(seconds=30), dt.timedelta(minutes=15), dt.timedelta(hours=24)),
    # Many people may share one address; only many wrong passwords look like guessing.
    "address": Limit(50, dt.timedelta(seconds=60), dt.timedelta(minutes=15), dt.timedelta(hours=1)),
}


@dataclass
class Tries:
    """Of one login or address; `id` is a digest, so that neither is kept in clear."""

    id: str
    kind: str
    failures: int = 0
    failed_at: dt.datetime | None = None
    locked_until: dt.datetime | None = None
    version: int = 0

    def wait(self, now: dt.datetime) -> int:
        """Whole seconds until a try counts again; 0 when it does now."""
        if self.locked_until is None or self.locked_until <= now:
            return 0
        return int((self.locked_until - now).total_seconds()) + 1

    def fail(self, now: dt.datetime) -> bool:
        """Counts a wrong password; whether it locks."""
        limit = LIMITS[self.kind]
        if self.failed_at is not None and now - self.failed_at >= limit.forgotten_after:
            self.failures = 0
        self.failures += 1
        self.failed_at = now
        beyond = self.failures - limit.free
        if beyond < 0:
            return False
        self.locked_until = now + min(limit.first * 2 ** min(beyond, 20), limit.longest)
        return True
