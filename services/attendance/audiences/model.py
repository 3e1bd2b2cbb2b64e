"""A person's last contact against the days of a mailing's filter (row N6). Pure."""

from __future__ import annotations

import datetime as dt


def fits(last: dt.datetime | None, since: dt.datetime | None, until: dt.datetime | None) -> bool:
    """Whether the last contact is at `since` or later, and before `until`; `last` None: there was none."""
    if last is None:
        return since is None
    return (since is None or last >= since) and (until is None or last < until)
