"""Whether two samples of times differ: the Mann-Whitney U test, by its normal approximation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist


def same_distribution_p(first: Sequence[float], second: Sequence[float]) -> float:
    """Two-sided p: how often two samples of one distribution lie apart like these. For 20 values each or more."""
    n, m = len(first), len(second)
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    rank_sum = sum(rank for rank, (_, sample) in enumerate(ranked, 1) if sample == 0)
    u = rank_sum - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return 2 * (1 - NormalDist().cdf(abs(z)))
