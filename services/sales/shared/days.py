"""The check of days on which something was done (rows S18, S20).

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt

from services.chassis.errors import Invalid


def refuse_future(day: dt.date | None, today: dt.date, field: str) -> None:
    """Raises Invalid("date_future") on `field` for a day after `today`, the current day in the company's time zone."""
    if day is not None and day > today:
        detail = "A data não pode ser depois de hoje."
        raise Invalid("date_future", detail, fields={field: [detail]})
