"""Row P8 measured: `python -m tests.bench.csv_import` imports 10,000 lines, 1% of them bad, and exports them again.

Meanwhile somebody at a counter keeps asking for a person: an import must not starve requests.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from tests.bench.journeys import percentile, timed
from tests.support.builders.csv_import import file_of, report, run, upload
from tests.support.stack.system import Client, System

LINES = 10_000
SECONDS = 1800
T = TypeVar("T")


def main(lines: int = LINES) -> None:
    system = System()
    try:
        system.start()
        for name, value in measure(system, lines).items():
            print(f"| import, {name} | {value:.1f} |")
    finally:
        system.stop()


def measure(system: System, lines: int) -> dict[str, float]:
    """Counts, seconds and milliseconds; asserts that every good line is in and every bad one is named."""
    ana = Client(system.url, "ana@padaria.example")
    file = file_of("Medida", lines, bad_every=100)
    path = f"/v1/persons/{ana.register('Medida do Balcão')['id']}"
    idle = [timed(ana, "GET", path) for _ in range(200)]
    uploaded, upload_seconds = _seconds(lambda: upload(ana, file))
    with Counter(system, path) as counter:
        done, import_seconds = _seconds(lambda: run(ana, uploaded["id"], SECONDS))
    bad = [int(line[0]) for line in report(ana, uploaded["id"], outcome="refused")]
    assert (done["state"], done["counts"]["registered"]) == ("done", lines - lines // 100), done
    assert bad == list(range(101, lines + 2, 100))
    again, again_seconds = _seconds(lambda: run(ana, upload(ana, file)["id"], SECONDS))
    assert (again["counts"]["registered"], again["counts"]["existing"]) == (0, lines - lines // 100)
    exported, export_seconds = _seconds(
        lambda: ana.request("GET", "/v1/persons/export.csv", params={"profile": "utf-8"}, timeout=SECONDS)
    )
    rows = exported.content.count(b"\r\n") - 1
    assert rows >= lines - lines // 100
    return {
        "lines": lines, "refused": len(bad), "upload_s": upload_seconds, "import_s": import_seconds,
        "lines_per_second": lines / import_seconds, "again_s": again_seconds, "second_persons": 0,
        "exported": rows, "export_s": export_seconds,
        "get_person_p50_ms_idle": statistics.median(idle), "get_person_p99_ms_idle": percentile(idle, 0.99),
        "get_person_p50_ms_meanwhile": statistics.median(counter.took),
        "get_person_p99_ms_meanwhile": percentile(counter.took, 0.99),
    }  # fmt: skip


class Counter:
    """Somebody who asks for one person again and again."""

    def __init__(self, system: System, path: str) -> None:
        self.took: list[float] = []
        self._client, self._path = Client(system.url, "ana@padaria.example"), path
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        while not self._stop.is_set():
            self.took.append(timed(self._client, "GET", self._path))
            self._stop.wait(0.05)

    def __enter__(self) -> Counter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def _seconds(work: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - started


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
