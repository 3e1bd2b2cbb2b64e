"""Companies as labels of metrics, in a limited number: beyond it all companies share one label."""

from __future__ import annotations

import os

OTHER = "other"
# Each company has a series for each event of a service, some twenty.
DEFAULT_MOST = 50


class Companies:
    """The first `most` companies that are counted have a label of their own; all others share OTHER."""

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
    setting = os.environ.get("VINCULO_COMPANY_SERIES", "")
    return int(setting) if setting.isdecimal() else DEFAULT_MOST


COMPANIES = Companies(_most())
