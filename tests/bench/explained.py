"""What the engine alone takes for a read, and by which index it says that it reads."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from typing import Any


def alone(read: Callable[[], Any], rounds: int) -> tuple[float, str]:
    """`read` makes pymongo's cursor: its p50 in milliseconds, and its index; "none" where the engine names none."""
    took = [milliseconds(read) for _ in range(rounds)]
    return statistics.median(took), ", ".join(indexes(read())) or "none"


def milliseconds(read: Callable[[], Any]) -> float:
    """Until all of it is there."""
    started = time.perf_counter()
    list(read())
    return (time.perf_counter() - started) * 1000


def indexes(cursor: Any) -> list[str]:
    """Of the plan that is used; those that the engine considered and left are in its explain, too."""
    plan = cursor.explain().get("queryPlanner", {}).get("winningPlan", {})
    return re.findall(r"'indexName': '([^']+)'", str(plan))
