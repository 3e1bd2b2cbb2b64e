"""The present time, as precise as the database keeps it."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """The time in UTC, in whole milliseconds."""
    moment = dt.datetime.now(dt.UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
