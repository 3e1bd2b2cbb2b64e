"""Amounts of money: decimals, rounded to cents.

Rounding is half away from zero to the cent, line by line, as an NF-e computes vProd. No framework, store or clock may
enter.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from services.chassis.errors import Invalid

ROUNDING = ROUND_HALF_UP
# The largest price, line and total: 12 digits before the point. Sums of millions of them, and a product of any two, fit
# into the database's decimals, 64-bit hundredths of other services, and an NF-e.
LARGEST = Decimal("999999999999.99")
CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def cents(amount: Decimal) -> Decimal:
    """`amount` rounded to the cent."""
    return amount.quantize(CENT, ROUNDING)


def bounded(amount: Decimal, field: str) -> Decimal:
    """`amount` itself; raises Invalid("amount_too_large") on `field` beyond LARGEST."""
    if amount > LARGEST:
        detail = "O valor passa de 999.999.999.999,99."
        raise Invalid("amount_too_large", detail, fields={field: [detail]})
    return amount


def shared(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`total` (whole cents) in parts by weight that add up to it, each less than a cent from its exact share.

    The cents left over go to the largest remainders, the first of equal ones; a part of weight 0 gets none. If all
    weights are 0, the first part gets everything.
    """
    whole = sum(weights, ZERO)
    if not weights or whole == 0:
        return [total, *[ZERO] * (len(weights) - 1)][: len(weights)]
    exact = [total * weight / whole for weight in weights]
    parts = [share.quantize(CENT, ROUND_FLOOR) for share in exact]
    left = int((total - sum(parts, ZERO)) / CENT)
    for index in sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])[:left]:
        parts[index] += CENT
    return parts
