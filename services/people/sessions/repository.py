"""Wrong passwords, and the addresses where a login was right; by digests, under the installation, and for a time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from pymongo.errors import DuplicateKeyError

from services.chassis.errors import ConcurrentUpdate
from services.chassis.storage.indexes import SystemIndex
from services.chassis.storage.tenant import TenantCollection
from services.people.sessions.model.tries import (
    ADDRESS,
    KNOWN_FOR,
    KNOWN_NOTED_EVERY,
    LIMITS,
    LOGIN,
    PAIR,
    Tries,
    network_of,
)

LONGEST_MEMORY = max(limit.forgotten_after for limit in LIMITS.values())
EXPIRIES = (
    SystemIndex("tries", [("failed_at", 1)], int(LONGEST_MEMORY.total_seconds())),
    SystemIndex("tries", [("login", 1)]),
    SystemIndex("known_addresses", [("at", 1)], int(KNOWN_FOR.total_seconds())),
)


@dataclass(frozen=True)
class Origin:
    """Which login is tried from where."""

    login: str
    address: str

    def digest(self, kind: str) -> str:
        """Of what is counted as one for this kind; for "known", the login at the address."""
        network = network_of(self.address)
        value = {LOGIN: self.login, ADDRESS: network}.get(kind, f"{self.login}\n{network}")
        return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


class AllTries:
    def __init__(self, tries: TenantCollection, known_addresses: TenantCollection) -> None:
        self._documents = tries
        self._known = known_addresses

    def that_count(self, origin: Origin, now: dt.datetime) -> list[Tries]:
        """Those whose lock holds here: where the login was right before, only its own from there.

        The same reads whatever is found.
        """
        tries = [self._of(kind, origin) for kind in LIMITS]
        known = self._known_since(origin, now) is not None
        return [each for each in tries if each.kind == PAIR or not known]

    def fail(self, origin: Origin, now: dt.datetime) -> Iterator[tuple[Tries, bool]]:
        """One more wrong password, and whether it locked, for each kind; one that comes to a lock changes nothing.

        Outside a transaction: many at once are counted one after another, and none waits for another's transaction.
        """
        for kind in LIMITS:
            yield self._fail(kind, origin, now)

    def succeed(self, origin: Origin, now: dt.datetime) -> None:
        """The login was right: its wrong ones from there are forgotten, and the address is known from now on.

        What counts for the login from wherever stays, or a right password of the owner would free the guesser.
        """
        self._documents.delete({"_id": origin.digest(PAIR)})
        since = self._known_since(origin, now)
        if since is None or now - since >= KNOWN_NOTED_EVERY:
            self._known.put({"_id": origin.digest("known"), "at": now})

    def forget_login(self, login: str) -> bool:
        """From wherever; whether there were any."""
        return self._documents.delete_many({"login": Origin(login, "").digest(LOGIN)}) > 0

    def forget_address(self, address: str) -> bool:
        return self._documents.delete({"_id": Origin("", address).digest(ADDRESS)})

    def _of(self, kind: str, origin: Origin) -> Tries:
        tries_id = origin.digest(kind)
        found = self._documents.find_one({"_id": tries_id})
        if found is None:
            return Tries(tries_id, kind, None if kind == ADDRESS else origin.digest(LOGIN))
        return Tries(id=tries_id, **{k: v for k, v in found.items() if k not in ("_id", "company")})

    def _fail(self, kind: str, origin: Origin, now: dt.datetime) -> tuple[Tries, bool]:
        while True:
            tries = self._of(kind, origin)
            if tries.wait(now):
                return tries, False
            locked = tries.fail(now)
            if self._is_written(tries):
                return tries, locked

    def _is_written(self, tries: Tries) -> bool:
        """False where another guess was counted first."""
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
        """The last noted good sign-in from there; the database removes what is over a little later."""
        found = self._known.find_one({"_id": origin.digest("known")})
        return found["at"] if found is not None and now - found["at"] < KNOWN_FOR else None
