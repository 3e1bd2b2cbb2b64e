"""Counters of wrong passwords, and how long the next try must wait (row P9).

A wrong password is counted three times: for the login from this address, so that a guesser locks out nobody else; for
the login from all addresses, with a higher limit, against guessing from many addresses; and for the address, against
guessing at many logins. Unknown logins are counted in the same way. No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

PAIR, LOGIN, ADDRESS = "pair", "login", "address"
# How long an address is remembered from which the login signed in.
KNOWN_FOR = dt.timedelta(days=90)
# The time of the last sign-in from it is written at most this often.
KNOWN_NOTED_EVERY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """`free` failures have no consequence; each one after them doubles the wait, from `first` to `longest`.

    One failure is forgotten in each `leak`, if there is one, and all of them at `forgotten_after` the last one.
    """

    free: int
    first: dt.timedelta
    longest: dt.timedelta
    forgotten_after: dt.timedelta
    leak: dt.timedelta | None = None


LIMITS: dict[str, Limit] = {
    PAIR: Limit(5, dt.timedelta(seconds=30), dt.timedelta(minutes=15), dt.timedelta(hours=24)),
    # One address can guess four times an hour only, which leaks away; only several addresses reach this limit.
    LOGIN: Limit(
        50, dt.timedelta(seconds=60), dt.timedelta(minutes=15), dt.timedelta(hours=24), dt.timedelta(minutes=6)
    ),
    # Many people may share one address; only many wrong passwords look like guessing.
    ADDRESS: Limit(50, dt.timedelta(seconds=60), dt.timedelta(minutes=15), dt.timedelta(hours=1)),
}


@dataclass
class Tries:
    """The counter of a login, an address or both; `id` is a digest, so that neither is stored in clear.

    `failures` is a fraction because it leaks continuously.
    """

    id: str
    kind: str
    login: str | None = None
    failures: float = 0
    failed_at: dt.datetime | None = None
    locked_until: dt.datetime | None = None
    version: int = 0

    def wait(self, now: dt.datetime) -> int:
        """Whole seconds until a try counts again; 0 when it does now."""
        if self.locked_until is None or self.locked_until <= now:
            return 0
        return int((self.locked_until - now).total_seconds()) + 1

    def fail(self, now: dt.datetime) -> bool:
        """Counts a wrong password; returns whether that locks."""
        limit = LIMITS[self.kind]
        self.failures = self._left(limit, now) + 1
        self.failed_at = now
        beyond = int(self.failures) - limit.free
        if beyond < 0:
            return False
        self.locked_until = now + min(limit.first * 2 ** min(beyond, 20), limit.longest)
        return True

    def _left(self, limit: Limit, now: dt.datetime) -> float:
        passed = now - self.failed_at if self.failed_at is not None else limit.forgotten_after
        if passed >= limit.forgotten_after:
            return 0
        return max(0.0, self.failures - passed / limit.leak) if limit.leak else self.failures
