"""The figures of dashboards: months, sums, conversion. No framework, store or clock may enter."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Data = dict[str, Any]
TENTH = Decimal("0.1")


@dataclass
class Sums:
    """Sums by currency; `as_data` leaves out sums of 0."""

    by_currency: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, currency: str, amount: Decimal | None) -> None:
        self.by_currency[currency] += amount or Decimal()

    def as_data(self) -> list[Data]:
        return [{"currency": one, "amount": amount} for one, amount in sorted(self.by_currency.items()) if amount]


@dataclass
class Worth:
    count: int = 0
    sums: Sums = field(default_factory=Sums)

    def add(self, currency: str, amount: Decimal | None) -> None:
        self.count += 1
        self.sums.add(currency, amount)

    def as_data(self) -> Data:
        return {"count": self.count, "sums": self.sums.as_data()}


def month_of(day: dt.date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def months(first: dt.date, last: dt.date) -> list[str]:
    """All months that have a day in the period."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


def furthest_stage(stages: Sequence[str], visited: Iterable[str], won: bool) -> int:
    """The index of the furthest stage that an opportunity reached; the closing one, the last, by winning only.

    `visited`: the ids of the stages that it was in; deleted stages count as the first.
    """
    if won:
        return len(stages) - 1
    places = {stage: place for place, stage in enumerate(stages[:-1])}
    return max((places.get(stage, 0) for stage in visited), default=0)


def conversion(furthest: Counter[int], stages: int) -> list[tuple[int, Decimal | None]]:
    """For each stage, how many reached it, and the percentage of them that reached the next one."""
    counts = [sum(count for place, count in furthest.items() if place >= stage) for stage in range(stages)]
    following = [*counts[1:], None]
    return [(count, _percent(further, count)) for count, further in zip(counts, following, strict=True)]


def _percent(part: int | None, whole: int) -> Decimal | None:
    if part is None or not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(TENTH, ROUND_HALF_UP)
