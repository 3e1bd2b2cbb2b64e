"""Terms of payment: dividing a total into instalments (rows S11, S18).

No framework, store or clock may enter.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from services.chassis.errors import Invalid
from services.sales.shared.money import CENT, ZERO, shared

MOST_INSTALMENTS = 120


@dataclass(frozen=True)
class Instalment:
    """An amount and its due day, in the company's time zone."""

    due_date: dt.date
    amount: Decimal


@dataclass(frozen=True)
class Terms:
    """`count` equal instalments from `first_due` on (None: the day of approval), a month or `every_days` days apart."""

    count: int = 1
    first_due: dt.date | None = None
    every_days: int | None = None

    def instalments(self, total: Decimal, approved_on: dt.date) -> list[Instalment]:
        """The instalments, which add up to `total`; the first ones get the cents left over.

        Raises Invalid("instalment_too_small").
        """
        if total == ZERO:
            return []
        if total < CENT * self.count:
            detail = "Há mais parcelas do que centavos a dividir."
            raise Invalid("instalment_too_small", detail, fields={"terms": [detail]})
        first = self.first_due or approved_on
        amounts = shared(total, [Decimal(1)] * self.count)
        return [Instalment(self._due(first, index), amount) for index, amount in enumerate(amounts)]

    def _due(self, first: dt.date, index: int) -> dt.date:
        if self.every_days is not None:
            return first + dt.timedelta(days=self.every_days * index)
        return months_later(first, index)


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or the last day of a shorter one: 31 January, then 28 February, 31 March."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
