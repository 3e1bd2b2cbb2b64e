"""What a company sets for its sales (rows S8, S19)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.sales.domain.commission import ON_RECEIPT


@dataclass
class Settings:
    """`idle_days`: days without interaction after which an opportunity is idle.

    `commission_on`: whether an order's commission is payable at once, or with each receivable that is settled.
    """

    idle_days: int = 15
    commission_on: str = ON_RECEIPT
    version: int = 0

    def active_before(self, today: dt.date, zone: dt.tzinfo) -> dt.datetime:
        """What was last active before this moment has been without interaction for `idle_days` days, in UTC."""
        day = today - dt.timedelta(days=self.idle_days - 1)
        return dt.datetime.combine(day, dt.time.min, zone).astimezone(dt.UTC)
