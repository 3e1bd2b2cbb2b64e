"""What callers tried and were told, against the effects that exist: the one line of each chaos test."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping


class Ledger:
    """lost: acknowledged, but no effect. duplicated: effects beyond one. Safe for threads."""

    def __init__(self, test: str) -> None:
        self.test = test
        self._lock = threading.Lock()
        self._attempted: set[str] = set()
        self._acknowledged: dict[str, float] = {}
        self._by_caller: dict[str, list[float]] = {}
        self.worst = 0.0

    def attempt(self, key: str) -> None:
        with self._lock:
            self._attempted.add(key)

    def acknowledge(self, key: str, caller: str = "", seconds: float = 0) -> None:
        with self._lock:
            self._acknowledged[key] = time.monotonic()
            self._by_caller.setdefault(caller, []).append(time.monotonic())
            self.worst = max(self.worst, seconds)

    @property
    def attempted(self) -> set[str]:
        with self._lock:
            return set(self._attempted)

    @property
    def acknowledged(self) -> set[str]:
        with self._lock:
            return set(self._acknowledged)

    def recovered_after(self, moment: float) -> float:
        """Seconds from `moment` (monotonic) until every caller had an answer again; inf where one never had."""
        with self._lock:
            return max(
                min((at - moment for at in times if at >= moment), default=float("inf"))
                for times in self._by_caller.values()
            )

    def settle(
        self,
        effects: Iterable[str],
        recovered: float,
        more: Mapping[str, Counter[str]] | None = None,
        **figures: object,
    ) -> None:
        """Prints the line and asserts it. `more`: other effects that each acknowledged key must have, by name."""
        counted = {"": Counter(effects), **(more or {})}
        acknowledged = self.acknowledged
        lost = {name: sorted(acknowledged - set(have)) for name, have in counted.items()}
        doubles = {name: [key for key, n in have.items() if n > 1] for name, have in counted.items()}
        lost_count = len(set().union(*lost.values()))
        duplicated = sum(sum(n - 1 for n in have.values()) for have in counted.values())
        line = (
            f"test={self.test} attempted={len(self._attempted)} acknowledged={len(acknowledged)} "
            f"ok={len(acknowledged) - lost_count} lost={lost_count} duplicated={duplicated} recovered_s={recovered:.1f}"
        )
        own = " ".join(f"{name}={_short(value)}" for name, value in figures.items())
        print(f"\n{line} {own}".rstrip(), flush=True)
        assert lost_count == 0, {name: keys[:5] for name, keys in lost.items() if keys}
        assert duplicated == 0, {name: keys[:5] for name, keys in doubles.items() if keys}


def _short(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value).replace(" ", "")
