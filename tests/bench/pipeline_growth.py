"""`python -m tests.bench.pipeline_growth`: the lists of sales at 10,000 and at 100,000 opportunities of one company.

Opportunities are written in bulk by the store's own document builder; lists and changes go through the gateway, one at
a time. Writes its section of docs/benchmarks.md for the engine of MONGO_URI.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from bson import Decimal128

from services.sales.opportunities.model import Opportunity
from services.sales.opportunities.repository import document_of
from services.sales.pipeline.model import Pipeline
from tests.bench import page
from tests.bench.explained import alone
from tests.bench.journeys import percentile, timed
from tests.support.stack.system import Client, System

SIZES = (10_000, 100_000)
BATCH = 1_000
USERS = 50
ROUNDS = 60
PAGE = 20
FIRST = dt.date(2026, 1, 1)
DAY = str(FIRST + dt.timedelta(days=300))
PERSON = "Medida do Funil"
STAND_IN = (
    "A stand-in engine sorts all matches and stops at no limit, so that what is read in order grows with a stage or a\n"
    "user's part (ADR 0003); end-to-end tests check that an index gives each in order (`tests/support/queries.py`)."
)

Figures = dict[str, tuple[float, float]]


def main() -> None:
    title = f"pipeline growth: {page.engine()}"
    system = System(VINCULO_RPC_SECONDS="30")
    try:
        system.start()
        company = Company(system)
        rates, figures = [], []
        for size in SIZES:
            rates.append(company.grow(size))
            figures.append(company.measure())
            print(size, figures[-1], flush=True)
        engine = company.engine_alone()
    finally:
        system.stop()
    text = section(title, rates, figures[0], figures[1], engine)
    print(text, flush=True)
    page.write(title, text)


class Company:
    """The bakery, of growing size; its administrator is one of fifty responsible users."""

    def __init__(self, system: System) -> None:
        self.ana = Client(system.url, "ana@padaria.example")
        self.person = self.ana.register(PERSON)
        self.id = str(self.ana.session["company"]["id"])
        self.opportunities = system.mongo("sales").opportunities
        self.totals = system.mongo("sales").stage_totals
        self.stages = [one["id"] for one in self.ana.get("/v1/stages")["items"]]
        self.users = [str(self.ana.session["user"]["id"]), *(f"u{number}" for number in range(1, USERS))]
        self.pipeline = Pipeline.default(self.id)
        self.chance = random.Random(4)
        self.size = 0
        self.archived = False

    def grow(self, size: int) -> float:
        """Opportunities a second."""
        started, before = time.monotonic(), self.size
        while self.size < size:
            numbers = range(self.size, min(self.size + BATCH, size))
            documents = [{**document_of(self._opportunity(number)), "company": self.id} for number in numbers]
            self.opportunities.insert_many(documents, ordered=False)
            self._count(documents)
            self.size += len(documents)
        return (self.size - before) / (time.monotonic() - started)

    def _opportunity(self, number: int) -> Opportunity:
        made_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=number)
        data = {
            "person_id": self.person["id"],
            "description": f"Contato de venda {number}",
            "contact_date": FIRST + dt.timedelta(days=self.chance.randrange(1_000)),
            "responsible_id": self.users[number % USERS],
            "amount": Decimal(self.chance.randrange(10_000_000)) / 100,
        }
        stage = self.pipeline.stages[number % 4]
        return Opportunity.create(identity(number), self.id, stage, made_at, FIRST, data)

    def _count(self, documents: list[dict[str, Any]]) -> None:
        worth: dict[str, list[Decimal]] = defaultdict(list)
        for one in documents:
            worth[one["stage_id"]].append(one["amount"].to_decimal())
        for stage, amounts in worth.items():
            changed = {"count": len(amounts), "sums.BRL": Decimal128(sum(amounts, Decimal()))}
            first = {"company": self.id, "stage_id": stage}
            self.totals.update_one({"_id": f"{stage}:0"}, {"$inc": changed, "$setOnInsert": first}, upsert=True)

    def measure(self) -> Figures:
        """p50 and p99 of each, in milliseconds, through the gateway."""
        mine = {"user_id": "me"}
        jobs: dict[str, Callable[[], float]] = {
            "board, first page": self._asked("/v1/pipeline"),
            "list of a stage, next page": self._asked("/v1/opportunities", **self._next_page()),
            "follow-ups of a day": self._asked("/v1/follow-ups", date=DAY, overdue=False),
            "follow-ups of a day, of a user": self._asked("/v1/follow-ups", date=DAY, overdue=False, **mine),
            "follow-ups by a day, overdue first, of a user": self._asked("/v1/follow-ups", date=DAY, **mine),
            "idle, of a user": self._asked("/v1/opportunities/idle", **mine),
            "create": self._create,
            "move to another stage": self._move,
            "archive 100 at once, or bring them back": self._archive,
        }
        return {name: _spread(work) for name, work in jobs.items()}

    def _asked(self, path: str, **params: Any) -> Callable[[], float]:
        return partial(timed, self.ana, "GET", path, params={"limit": PAGE, **params}, timeout=60)

    def _next_page(self) -> dict[str, Any]:
        asked = {"stage_id": self.stages[0], "state": "open", "limit": PAGE}
        return {**asked, "cursor": self.ana.get("/v1/opportunities", params=asked, timeout=60)["next_cursor"]}

    def _create(self) -> float:
        path = f"/v1/persons/{self.person['id']}/opportunities"
        return timed(self.ana, "POST", path, json={"subject": "Forno"})

    def _move(self) -> float:
        moved = {"stage_id": self.chance.choice(self.stages[:4])}
        number = self.chance.randrange(100, self.size)
        return timed(self.ana, "PUT", f"/v1/opportunities/{identity(number)}/stage", json=moved)

    def _archive(self) -> float:
        self.archived = not self.archived
        path = f"/v1/opportunities/{'archive' if self.archived else 'unarchive'}"
        return timed(self.ana, "POST", path, json={"ids": [identity(number) for number in range(100)]}, timeout=60)

    def engine_alone(self) -> dict[str, tuple[float, str]]:
        """Milliseconds (p50) of the engine for the two lists of the bar, read by pymongo, and its index by explain."""
        return {"a column of the board": self._read("stage"), "follow-ups of a day": self._read("day")}

    def _read(self, name: str) -> tuple[float, str]:
        where: dict[str, Any] = {"company": self.id, "archived_at": None, "facets": "every"}
        where |= {"stage_id": self.stages[0]} if name == "stage" else {"status": "open", "contact_date": DAY}

        def found() -> Any:
            return self.opportunities.find(where).sort([("contact_date", 1), ("_id", 1)]).limit(PAGE + 1)

        return alone(found, ROUNDS)


def identity(number: int) -> str:
    return f"{number:032d}"


def _spread(work: Callable[[], float]) -> tuple[float, float]:
    work()
    took = [work() for _ in range(ROUNDS)]
    return statistics.median(took), percentile(took, 0.99)


def section(
    title: str, rates: list[float], small: Figures, large: Figures, engine: dict[str, tuple[float, str]]
) -> str:
    today, load = dt.datetime.now(dt.UTC).date(), os.getloadavg()[0]
    python = sys.version.split()[0]
    lines = [f"## {title}", ""]
    lines += [f"{today}, {os.cpu_count()} cores, load {load:.1f} at the end, Python {python}; {ROUNDS} requests each,"]
    lines += [f"through the gateway. Filled at {rates[0]:.0f}, then {rates[1]:.0f} opportunities/s.", ""]
    head = [f"{size:,}: {cut}, ms" for size in SIZES for cut in ("p50", "p99")]
    lines += [f"| one company | {' | '.join(head)} | p50 growth |", "|---|---|---|---|---|---|"]
    for name, before in small.items():
        figures = " | ".join(f"{value:.1f}" for value in (*before, *large[name]))
        lines.append(f"| {name} | {figures} | {large[name][0] / before[0]:.1f} |")
    lines += ["", f"The engine alone at {SIZES[1]:,}, the same read by pymongo, p50, and the index of its explain:"]
    lines += [f"{name} {took:.1f} ms by {index};" for name, (took, index) in engine.items()]
    return "\n".join([*lines, "", STAND_IN, ""])


if __name__ == "__main__":
    main()
