"""`python -m tests.bench.steady`: entries at half of their maximum, for minutes: how late their mails are, and whether
what waits to be sent grows. Written to docs/benchmarks.md.

The maximum is that of a closed loop of 4 connections. Each entry makes two mails; a mail's lag begins when the entry is
due to be asked for, and ends when the SMTP server has taken it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.bench import page
from tests.bench.against import OPERATIONS, RATE, Figures, Operation, Stage, measure, percentile
from tests.bench.capacity import run_steadily
from tests.support.stack.ports import wait_for
from tests.support.stack.system import ROOT

SHARE, WARM_SECONDS, SAMPLE_SECONDS, LAST_SECONDS = 0.5, 10, 5, 20
# The bar: lags in milliseconds.
LAG = 1000
TEXT = re.compile(r"Ligação (\d+)\.")


def _entry(stage: Stage, connection: int, number: int) -> None:
    path = f"/v1/attendances/{stage.attendances[connection]}/entries"
    stage.ask(connection, "POST", path, {"text": f"Ligação {number}."})


ENTRY = Operation("entry to two mails", _entry, mails=True)


@dataclass
class Backlog:
    """How many mails wait to be sent, looked at every SAMPLE_SECONDS while the load goes on."""

    stage: Stage
    samples: list[int] = field(default_factory=list)

    def __enter__(self) -> Backlog:
        self._over = threading.Event()
        self._looking = threading.Thread(target=self._look)
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._looking.join()

    def _look(self) -> None:
        pending = {"next_at": {"$gt": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)}}
        while not self._over.wait(SAMPLE_SECONDS):
            self.samples.append(self.stage.deliveries.deliveries.count_documents(pending))

    def grows_by(self) -> float:
        """The last third's mean less the first one's."""
        third = max(len(self.samples) // 3, 1)
        return statistics.mean(self.samples[-third:]) - statistics.mean(self.samples[:third])


def lags(stage: Stage, began: float, rate: float, since: dt.datetime) -> list[float]:
    """Milliseconds of each mail; `began`: when the entry of number 0 was due, in seconds of the epoch."""
    found = stage.deliveries.deliveries.find({"created_at": {"$gte": since}, "status": "sent"})
    return [lag for one in found if (lag := _lag(one, began, rate)) is not None]


def _lag(mail: dict[str, Any], began: float, rate: float) -> float | None:
    number = TEXT.search(mail["body"])
    return (mail["sent_at"].timestamp() - began - int(number[1]) / rate) * 1000 if number else None


def section(highest: float, rate: float, done: int, late: Sequence[float], backlog: Backlog, seconds: float) -> str:
    p50, p99 = statistics.median(late), percentile(list(late), 0.99)
    holds = p99 < LAG and backlog.grows_by() < rate
    rows = (
        ("entries a second at most", f"{highest:.1f}"),
        ("entries a second, steadily", f"{rate:.1f}"),
        ("entries, and mails that were sent", f"{done} and {len(late)}"),
        ("entry to mail, ms: p50 / p99 / longest", f"{p50:.0f} / {p99:.0f} / {max(late):.0f}"),
        ("mails that wait: mean / most", f"{statistics.mean(backlog.samples):.1f} / {max(backlog.samples)}"),
        ("of the last third more than of the first", f"{backlog.grows_by():.1f}"),
        (f"**p99 below {LAG} ms, and no growing backlog**", "**yes**" if holds else "**no**"),
    )
    lines = [f"## entry to mail, steadily: {page.engine()}", ""]
    lines += [f"{dt.datetime.now(dt.UTC).date()}, {os.cpu_count()} cores, {seconds:.0f} seconds, load "
              f"{os.getloadavg()[0]:.1f} at the end.", "", "| figure | |", "|---|---|"]  # fmt: skip
    return "\n".join([*lines, *(f"| {name} | {value} |" for name, value in rows), ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    asked = parser.parse_args()
    stage = Stage("head", ROOT)
    try:
        stage.wait()
        figures = Figures()
        measure(stage, next(one for one in OPERATIONS if one.mails), WARM_SECONDS, figures)
        highest = figures.median(RATE)
        rate, since, began = SHARE * highest, dt.datetime.now(dt.UTC), time.time()
        with Backlog(stage) as backlog:
            _, done, _ = run_steadily(stage, [ENTRY], rate, asked.seconds)
        wait_for(lambda: len(lags(stage, began, rate, since)) >= 2 * done, LAST_SECONDS, "the last mails")
        text = section(highest, rate, done, lags(stage, began, rate, since), backlog, asked.seconds)
    finally:
        stage.stop()
    page.write(f"entry to mail, steadily: {page.engine()}", text)
    print(text)


if __name__ == "__main__":
    main()
