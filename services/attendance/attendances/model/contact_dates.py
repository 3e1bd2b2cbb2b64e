"""When to speak to the person next. The one seam for business days: calendar days until scheduling knows holidays."""

from __future__ import annotations

import datetime as dt


def next_contact(today: dt.date, days: int | None) -> dt.date | None:
    """`days` after `today`, or None where the type gives none."""
    return None if days is None else today + dt.timedelta(days=days)
