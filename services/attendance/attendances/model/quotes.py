"""Replicas of sales' quotes in their attendance, and the amounts derived from them (row A13). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# The largest stored amount, in hundredths. Sales refuses larger ones now; quotes of an earlier version may have them.
MOST = Decimal(10**14)
IN_APPROVAL, APPROVED = "in_approval", "approved"


@dataclass(frozen=True)
class SeenQuote:
    """A quote; `sequence` of the last event about it; `amount` in hundredths of `currency`."""

    id: str
    sequence: int
    status: str
    currency: str
    amount: int


def with_quote(quotes: Iterable[SeenQuote], quote: SeenQuote) -> list[SeenQuote] | None:
    """The quotes with `quote` added or replaced; None if its event is not newer: events may arrive in any order."""
    by_id = {known.id: known for known in quotes}
    if quote.id in by_id and by_id[quote.id].sequence >= quote.sequence:
        return None
    return list({**by_id, quote.id: quote}.values())


def value_of(quotes: Iterable[SeenQuote]) -> tuple[Decimal, str]:
    """The sum of quotes in approval or approved, in the currency of the first of them; BRL without any."""
    counted = [quote for quote in quotes if quote.status in (IN_APPROVAL, APPROVED)]
    currency = counted[0].currency if counted else "BRL"
    hundredths = sum(quote.amount for quote in counted if quote.currency == currency)
    return Decimal(hundredths).scaleb(-2), currency


def in_approval(quotes: Iterable[SeenQuote]) -> tuple[int, dict[str, int]]:
    """The number of quotes in approval, and the sum of their amounts in hundredths by currency."""
    waiting = [quote for quote in quotes if quote.status == IN_APPROVAL]
    amounts: dict[str, int] = {}
    for quote in waiting:
        amounts[quote.currency] = amounts.get(quote.currency, 0) + quote.amount
    return len(waiting), amounts


def hundredths(amount: Decimal) -> int:
    """The amount in hundredths, at most MOST: a number beyond 64 bits cannot be stored, and its event would fail."""
    return int(min(amount.scaleb(2).to_integral_value(ROUND_HALF_UP), MOST))
