"""`python -m tests.bench.memory`: 100,000 mixed operations, and what memory each process holds meanwhile.

The operations are those of tests/bench/against.py in turn, in a closed loop of 4 connections. The memory of a process
is what it alone holds (USS). Written to docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
from concurrent.futures import ThreadPoolExecutor

import psutil

from tests.bench import page
from tests.bench.against import CONNECTIONS, FIRST, OPERATIONS, Stage, program
from tests.support.stack.system import ROOT

ALL, PART = 100_000, 10_000
# The bar: what a process holds after ALL, of what it held after the first PART.
MOST_GROWTH = 1.10
MIB = 1024 * 1024

# Bytes by program and process id.
Held = dict[tuple[str, int], int]


def held(stage: Stage) -> Held:
    """Of all processes of the system but those that live for a moment only."""
    found: Held = {}
    for process in psutil.Process(stage.process.pid).children(recursive=True):
        try:
            name = program(process.cmdline())
            if name != "other":
                found[name, process.pid] = process.memory_full_info().uss
        except (psutil.NoSuchProcess, IndexError):
            continue
    return found


def run(stage: Stage, first: int, operations: int) -> None:
    """So many operations, from number `first` on; each connection signs in anew, for tokens end after minutes."""

    def loop(connection: int) -> None:
        stage.sessions[connection] = stage.signed_in(FIRST)
        for number in range(first + connection, first + operations, CONNECTIONS):
            OPERATIONS[number // CONNECTIONS % len(OPERATIONS)].run(stage, connection, number // CONNECTIONS)

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(loop, range(CONNECTIONS)))


def section(samples: list[Held], operations: int) -> str:
    """The page's table; a process that was not there all the time has no growth."""
    lines = [f"## memory: {page.engine()}", ""]
    lines += [f"{dt.datetime.now(dt.UTC).date()}, {os.cpu_count()} cores, {operations:,} mixed operations, MiB.", ""]
    lines += [f"| process | after {PART:,} | half way | at the end | growth |", "|---|---|---|---|---|"]
    growths = []
    for one in sorted(set(samples[0]) & set(samples[-1])):
        values = [samples[at][one] / MIB for at in (0, len(samples) // 2, -1)]
        growth = values[-1] / values[0]
        if one[0] != "database":
            growths.append(growth)
        lines.append(f"| {one[0]} | {values[0]:.0f} | {values[1]:.0f} | {values[2]:.0f} | {growth:.2f} |")
    holds = "yes" if max(growths) <= MOST_GROWTH else "no"
    return "\n".join([*lines, "", f"**At most {MOST_GROWTH:.2f}, the database aside: {holds}.**", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=ALL)
    asked = parser.parse_args()
    stage, samples = Stage("head", ROOT), []
    try:
        stage.wait()
        for first in range(0, asked.operations, PART):
            run(stage, first, PART)
            stage.settled()
            samples.append(held(stage))
            print(first + PART, {name: round(size / MIB) for (name, _), size in samples[-1].items()}, flush=True)
    finally:
        stage.stop()
    text = section(samples, asked.operations)
    page.write(f"memory: {page.engine()}", text)
    print(text)


if __name__ == "__main__":
    main()
