"""Wrong passwords, and how long the next try must wait (row P9).

Counted for each login from each address, so that who guesses at a login locks out themselves; for each login from
wherever, with a higher bound, so that many addresses together do not guess either; and for each address, so that many
logins are not guessed at from one. Logins that nobody has are counted as all others.
No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import dataclass

PAIR, LOGIN, ADDRESS = "pair", "login", "address"
# An IPv6 customer has at least this many addresses of their own (RFC 6177), and counts as one.
NETWORK_BITS = 64
# So long an address is known from which the login once signed in.
KNOWN_FOR = dt.timedelta(days=90)
# Its last good sign-in is noted at most this often.
KNOWN_NOTED_EVERY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """`free` failures cost nothing; then each doubles the wait, from `first` to `longest`.

    One failure is forgotten each `leak`, where there is one, and all of them `forgotten_after` the last.
    """

    free: int
    first: dt.timedelta
    longest: dt.timedelta
    forgotten_after: dt.timedelta
    leak: dt.timedelta | None = None


LIMITS: dict[str, Limit] = {
    PAIR: Limit(5, dt.timedelta(seconds=30), dt.timedelta(minutes=15), dt.timedelta(hours=24)),
    # One address guesses four times an hour at most, which leaks away: it takes several for long to reach this.
    LOGIN: Limit(
        50, dt.timedelta(seconds=60), dt.timedelta(minutes=15), dt.timedelta(hours=24), dt.timedelta(minutes=6)
    ),
    # Many people may share one address; only many wrong passwords look like guessing.
    ADDRESS: Limit(50, dt.timedelta(seconds=60), dt.timedelta(minutes=15), dt.timedelta(hours=1)),
}


def network_of(address: str) -> str:
    """What counts as one address; as given where it is none."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, NETWORK_BITS), strict=False))


@dataclass
class Tries:
    """Of one login, address or both; `id` is a digest, so that neither is kept in clear. `failures` leak by parts."""

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
        """Counts a wrong password; whether it locks."""
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
