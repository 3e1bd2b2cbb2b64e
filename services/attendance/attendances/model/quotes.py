"""What sales told of an attendance's quotes, and the amounts that follow (row A13). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# Sales refuses such amounts since; quotes and events from before may bear them.
MOST = Decimal(10**14)
IN_APPROVAL, APPROVED = "in_approval", "approved"


@dataclass(frozen=True)
class SeenQuote:
    """`sequence`: of the event that told it; `amount` in hundredths of `currency`."""

    id: str
    sequence: int
    status: str
    currency: str
    amount: int


def with_told(quotes: Iterable[SeenQuote], told: SeenQuote) -> list[SeenQuote] | None:
    """The quotes as they now are; None where something newer is known: events overtake each other."""
    known = {quote.id: quote for quote in quotes}
    if told.id in known and known[told.id].sequence >= told.sequence:
        return None
    return list({**known, told.id: told}.values())


def value_of(quotes: Iterable[SeenQuote]) -> tuple[Decimal, str]:
    """What is in approval or approved, in the currency of the first of them."""
    counted = [quote for quote in quotes if quote.status in (IN_APPROVAL, APPROVED)]
    currency = counted[0].currency if counted else "BRL"
    hundredths = sum(quote.amount for quote in counted if quote.currency == currency)
    return Decimal(hundredths).scaleb(-2), currency


def in_approval(quotes: Iterable[SeenQuote]) -> tuple[int, dict[str, int]]:
    """How many, and their amounts in hundredths by currency."""
    waiting = [quote for quote in quotes if quote.status == IN_APPROVAL]
    amounts: dict[str, int] = {}
    for quote in waiting:
        amounts[quote.currency] = amounts.get(quote.currency, 0) + quote.amount
    return len(waiting), amounts


def hundredths(amount: Decimal) -> int:
    """At most MOST: what is beyond it cannot be kept in 64 bits, and would stop the event that tells it for ever."""
    return int(min(amount.scaleb(2).to_integral_value(ROUND_HALF_UP), MOST))
