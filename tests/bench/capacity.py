"""`python -m tests.bench.capacity`: what an installation needs, by what users do in their busiest hour.

Measures what each operation costs (processor time of all processes, by process), foretells what a mixture of them
costs, runs that mixture at a steady rate, and compares. The need of an installation is the same sum for its users.
Written to docs/benchmarks.md; docs/capacity.md says how to use it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from tests.bench import page
from tests.bench.against import CONNECTIONS, OPERATIONS, Figures, Operation, Stage, measure, percentile
from tests.support.stack.system import ROOT

# What one user does in the busiest hour of a day: somebody who sells and answers, all the time at work with it.
HABITS = {
    "person view": 30,
    "entry to two mails": 12,
    "registration": 4,
    "moving a stage": 6,
    "search by name": 20,
    "a person's opportunities": 40,
}
USERS, COMPANIES = 20_000, 1_000
# Of all users, how many are at work in that hour; and how much of a processor may be used, so that queues stay short.
AT_WORK, USABLE = 0.6, 0.5
HOUR = 3600

Costs = Mapping[str, Mapping[str, float]]


def cost_of_a_user(costs: Costs) -> dict[str, float]:
    """Milliseconds of processor time in that hour, by process; `costs`: milliseconds an operation, by process."""
    found: dict[str, float] = {}
    for operation, times in HABITS.items():
        for program, milliseconds in costs[operation].items():
            found[program] = found.get(program, 0) + times * milliseconds
    return found


def processors(costs: Costs, users: int) -> dict[str, float]:
    """Processors of this machine's kind that `users` need in their busiest hour, by process."""
    at_once = users * AT_WORK
    return {name: at_once * used / HOUR / 1000 / USABLE for name, used in cost_of_a_user(costs).items()}


def mixture() -> list[Operation]:
    """The operations in the shares of HABITS, evenly spread."""
    by_name = {one.name: one for one in OPERATIONS}
    places = [((turn + 0.5) / times, name) for name, times in HABITS.items() for turn in range(times)]
    return [by_name[name] for _, name in sorted(places)]


def run_steadily(
    stage: Stage, chosen: Sequence[Operation], rate: float, seconds: float
) -> tuple[dict[str, float], int, list[float]]:
    """`rate` operations a second, whoever waits: processor seconds by process, how many, their milliseconds."""
    numbers, lock, took = count(), threading.Lock(), list[float]()
    before, began = stage.cpu(), time.perf_counter()

    def work(connection: int) -> None:
        while True:
            with lock:
                number = next(numbers)
            due = began + number / rate
            if due > began + seconds:
                return
            time.sleep(max(due - time.perf_counter(), 0))
            chosen[number % len(chosen)].run(stage, connection, number)
            took.append((time.perf_counter() - due) * 1000)

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(work, range(CONNECTIONS)))
    stage.settled()
    after = stage.cpu()
    return {name: used - before.get(name, 0) for name, used in after.items()}, len(took), took


def section(costs: Costs, used: Mapping[str, float], done: int, took: list[float], rate: float) -> str:
    times = sum(HABITS.values())
    foretold = {name: milliseconds / times for name, milliseconds in cost_of_a_user(costs).items()}
    need = processors(costs, USERS)
    lines = [f"## capacity: {page.engine()}", "", f"{dt.datetime.now(dt.UTC).date()}, {os.cpu_count()} cores.", ""]
    lines += [f"The mixture at {rate:.0f} operations a second: {done} done, p50 {statistics.median(took):.0f} ms, "
              f"p99 {percentile(took, 0.99):.0f} ms."]  # fmt: skip
    lines += ["", "| process | ms an operation, foretold | measured | processors for "
              f"{USERS:,} users of {COMPANIES:,} companies |", "|---|---|---|---|"]  # fmt: skip
    for name in sorted(foretold):
        measured = used.get(name, 0) * 1000 / done
        lines.append(f"| {name} | {foretold[name]:.2f} | {measured:.2f} | {need[name]:.1f} |")
    whole = sum(used.values()) * 1000 / done
    lines.append(f"| **all** | {sum(foretold.values()):.2f} | {whole:.2f} | {sum(need.values()):.1f} |")
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--load", type=float, default=0.4, help="share of this machine's processors")
    asked = parser.parse_args()
    stage = Stage("head", ROOT)
    try:
        stage.wait()
        costs: dict[str, dict[str, float]] = {}
        for one in OPERATIONS:
            figures = Figures()
            measure(stage, one, 5, figures)
            costs[one.name] = figures.programs[0]
        an_operation = sum(cost_of_a_user(costs).values()) / sum(HABITS.values()) / 1000
        rate = asked.load * (os.cpu_count() or 1) / an_operation
        text = section(costs, *run_steadily(stage, mixture(), rate, asked.seconds), rate)
    finally:
        stage.stop()
    page.write(f"capacity: {page.engine()}", text)
    print(text)


if __name__ == "__main__":
    main()
