"""Counts of wrong passwords, and the addresses of successful sign-ins; kept by digest, for a limited time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from pymongo.errors import DuplicateKeyError

from services.chassis.addresses import network_of
from services.chassis.errors import ConcurrentUpdate
from services.chassis.storage.indexes import SystemIndex
from services.chassis.storage.records import as_record
from services.chassis.storage.tenant import TenantCollection
from services.people.sessions.model.tries import (
    ADDRESS,
    KNOWN_FOR,
    KNOWN_NOTED_EVERY,
    LIMITS,
    LOGIN,
    PAIR,
    Tries,
)

LONGEST_MEMORY = max(limit.forgotten_after for limit in LIMITS.values())
EXPIRIES = (
    SystemIndex("tries", [("failed_at", 1)], int(LONGEST_MEMORY.total_seconds())),
    SystemIndex("tries", [("login", 1)]),
    SystemIndex("known_addresses", [("at", 1)], int(KNOWN_FOR.total_seconds())),
)


@dataclass(frozen=True)
class Origin:
    """A login that is tried, and the IP address of the caller."""

    login: str
    address: str

    def digest(self, kind: str) -> str:
        """The id of the counter of this kind (PAIR, LOGIN or ADDRESS); for "known": of the login at the address."""
        network = network_of(self.address)
        value = {LOGIN: self.login, ADDRESS: network}.get(kind, f"{self.login}\n{network}")
        return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


class AllTries:
    def __init__(self, tries: TenantCollection, known_addresses: TenantCollection) -> None:
        self._documents = tries
        self._known = known_addresses

    def applicable(self, origin: Origin, now: dt.datetime) -> list[Tries]:
        """The counters whose lock applies: only PAIR where this login has signed in from this address before, else all.

        The reads are the same in both cases, so that the time tells nothing.
        """
        tries = [self._of(kind, origin) for kind in LIMITS]
        known = self._known_since(origin, now) is not None
        return [each for each in tries if each.kind == PAIR or not known]

    def fail(self, origin: Origin, now: dt.datetime) -> Iterator[tuple[Tries, bool]]:
        """Counts a wrong password in each kind of counter; yields the counter and whether it locked now.

        A counter that is locked already does not change. Runs outside a transaction, so that tries at the same time are
        counted one after another without waiting for a transaction.
        """
        for kind in LIMITS:
            yield self._fail(kind, origin, now)

    def succeed(self, origin: Origin, now: dt.datetime) -> None:
        """A successful sign-in: resets the PAIR counter and remembers the address.

        The LOGIN counter stays, or the owner's right password would unlock somebody who guesses.
        """
        self._documents.delete({"_id": origin.digest(PAIR)})
        since = self._known_since(origin, now)
        if since is None or now - since >= KNOWN_NOTED_EVERY:
            self._known.put({"_id": origin.digest("known"), "at": now})

    def forget_login(self, login: str) -> bool:
        """Removes all counters of a login; whether there were any."""
        return self._documents.delete_many({"login": Origin(login, "").digest(LOGIN)}) > 0

    def forget_address(self, address: str) -> bool:
        return self._documents.delete({"_id": Origin("", address).digest(ADDRESS)})

    def _of(self, kind: str, origin: Origin) -> Tries:
        tries_id = origin.digest(kind)
        found = self._documents.find_one({"_id": tries_id})
        if found is None:
            return Tries(tries_id, kind, None if kind == ADDRESS else origin.digest(LOGIN))
        return as_record(found, Tries)

    def _fail(self, kind: str, origin: Origin, now: dt.datetime) -> tuple[Tries, bool]:
        while True:
            tries = self._of(kind, origin)
            if tries.wait(now):
                return tries, False
            locked = tries.fail(now)
            if self._is_written(tries):
                return tries, locked

    def _is_written(self, tries: Tries) -> bool:
        """Writes the next version of a counter; False where another try was counted meanwhile."""
        tries.version += 1
        fields = asdict(tries)
        document = {"_id": fields.pop("id"), **fields}
        try:
            if tries.version == 1:
                self._documents.insert(document)
            else:
                self._documents.replace(document)
        except (DuplicateKeyError, ConcurrentUpdate):
            return False
        return True

    def _known_since(self, origin: Origin, now: dt.datetime) -> dt.datetime | None:
        """The time of the last remembered sign-in from the address, None after KNOWN_FOR."""
        found = self._known.find_one({"_id": origin.digest("known")})
        return found["at"] if found is not None and now - found["at"] < KNOWN_FOR else None
