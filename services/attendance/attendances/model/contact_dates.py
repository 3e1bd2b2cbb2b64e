"""The date of the next contact. Business days belong here: calendar days until scheduling knows holidays. Pure."""

from __future__ import annotations

import datetime as dt


def next_contact(today: dt.date, days: int | None) -> dt.date | None:
    """The date `days` after `today`, or None where the type sets no number of days."""
    return None if days is None else today + dt.timedelta(days=days)
