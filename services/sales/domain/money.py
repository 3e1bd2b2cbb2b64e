"""Amounts: decimals of one currency, in cents when they are due (product.md, decision 7).

Rounding is half away from zero to the cent, line by line, as an NF-e computes vProd. No framework, store or clock may
enter.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def cents(amount: Decimal) -> Decimal:
    """`amount` rounded to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def shared(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`total` (whole cents) in parts by weight that add up to it; the cents left over go to the first of those that
    were rounded down, so no part is more than its weight where the whole is not.

    With weights that are all zero, or none of them, everything goes to the first part.
    """
    whole = sum(weights, ZERO)
    if not weights or whole == 0:
        return [total, *[ZERO] * (len(weights) - 1)][: len(weights)]
    exact = [total * weight / whole for weight in weights]
    parts = [share.quantize(CENT, ROUND_FLOOR) for share in exact]
    left = int((total - sum(parts, ZERO)) / CENT)
    for index in sorted(range(len(parts)), key=lambda index: exact[index] == parts[index])[:left]:
        parts[index] += CENT
    return parts
