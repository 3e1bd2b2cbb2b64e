"""Days of a calendar as moments. No service, store or clock."""

from __future__ import annotations

import datetime as dt


def start_of_day(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """The first moment of the day in the zone; UTC."""
    return dt.datetime.combine(day, dt.time.min, zone).astimezone(dt.UTC)
