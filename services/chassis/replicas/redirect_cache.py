"""A process's cache of the companies' redirections, which saves a read for each empty list and each new row: most
companies have merged few records, and most records were not merged.

An entry may be some seconds old. So it is only used where a second pass corrects the effect (replicas/redirects.py): an
entry's age is at most a quarter of the time until that pass.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.chassis.storage.rows import Document

# A company with more redirections is not cached: they are read one by one.
MOST = 200
MOST_COMPANIES = 1_000
MOST_SECONDS = 2.0
# An entry lives at most for this part (one in SHARE) of the time until the second pass.
SHARE = 4


@dataclass(frozen=True)
class _Entry:
    """`leads`: by record, the one that it leads to; None where there are too many. Valid until `until`, monotonic."""

    leads: dict[str, str] | None
    until: float


class RedirectCache:
    """One for each process. Safe between threads, green or not: entries are replaced and never changed."""

    def __init__(self, settle: float = 0, clock: Callable[[], float] = time.monotonic) -> None:
        """`settle`: seconds from a redirection to its second pass; 0 switches the cache off."""
        self._seconds = min(MOST_SECONDS, settle / SHARE)
        self._clock = clock
        self._entries: dict[str, _Entry] = {}

    def of(self, company: str, read: Callable[[int], Sequence[Document]]) -> dict[str, str] | None:
        """By record, the one that it leads to; None where the company's redirections are not cached.

        `read(limit)` returns at most so many committed redirections of the company, in any order.
        """
        if not self._seconds:
            return None
        entry, now = self._entries.get(company), self._clock()
        if entry is None or entry.until <= now:
            found = read(MOST + 1)
            leads = {row["_id"]: row["to"] for row in found if row["to"]} if len(found) <= MOST else None
            if len(self._entries) >= MOST_COMPANIES:
                self._entries.clear()
            entry = self._entries[company] = _Entry(leads, now + self._seconds)
        return entry.leads

    def forget(self, company: str) -> None:
        """To be called after a change of the company's redirections."""
        self._entries.pop(company, None)
