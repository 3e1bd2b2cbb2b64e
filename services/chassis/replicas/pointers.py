"""What a process knows of the companies' redirections, so that a list without rows and a new row ask nobody where a
record leads: most companies have merged few records, and most of what is asked for was not merged.

It may be a little old. So it serves what a second look mends (replicas/redirects.py): it is never older than a part of
the time after which that look comes, and never decides about the record itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.chassis.storage.rows import Document

# More than these are asked for one by one.
MOST = 200
MOST_COMPANIES = 1_000
MOST_SECONDS = 2.0
# Of the time until the second look, which waits for every transaction begun before.
SHARE = 4


@dataclass(frozen=True)
class Heard:
    """`leads`: by record where it leads to, None where there are too many to hold; known until `until`, monotonic."""

    leads: dict[str, str] | None
    until: float


class Pointers:
    """Of one process; safe between threads, green or not: what is kept is replaced and never changed."""

    def __init__(self, settle: float = 0, clock: Callable[[], float] = time.monotonic) -> None:
        """`settle`: seconds from a redirection to its second look; 0: everything is asked for."""
        self._seconds = min(MOST_SECONDS, settle / SHARE)
        self._clock = clock
        self._heard: dict[str, Heard] = {}

    def of(self, company: str, read: Callable[[int], Sequence[Document]]) -> dict[str, str] | None:
        """Where the company's records lead, at most some seconds old; None where that must be asked for.

        `read(limit)` gives as many of its redirections, in any order, as they are committed.
        """
        if not self._seconds:
            return None
        heard, now = self._heard.get(company), self._clock()
        if heard is None or heard.until <= now:
            found = read(MOST + 1)
            leads = {one["_id"]: one["to"] for one in found if one["to"]} if len(found) <= MOST else None
            if len(self._heard) >= MOST_COMPANIES:
                self._heard.clear()
            heard = self._heard[company] = Heard(leads, now + self._seconds)
        return heard.leads

    def forget(self, company: str) -> None:
        """A redirection of the company has changed here."""
        self._heard.pop(company, None)
