"""Companies as labels of metrics: so many that one may look at each, and no more however many there are."""

from __future__ import annotations

import os

OTHER = "other"
# Each has a series for each of a service's events, some twenty.
DEFAULT_MOST = 50


class Companies:
    """The first `most` companies that something is told of; busy ones come first. All others are one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: set[str] = set()

    def label(self, company: str) -> str:
        if company in self._known:
            return company
        if len(self._known) >= self._most:
            return OTHER
        self._known.add(company)
        return company


def _most() -> int:
    given = os.environ.get("VINCULO_COMPANY_SERIES", "")
    return int(given) if given.isdecimal() else DEFAULT_MOST


COMPANIES = Companies(_most())
