"""`python -m tests.bench.pipeline_growth`: the lists of sales at 10,000 and at 100,000 opportunities of one company.

On the engine of MONGO_URI, without a broker: what is measured is the use case and the database. Writes its own section
of docs/benchmarks.md.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import secrets
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pymongo

from services.chassis.mongo import Database
from services.chassis.session import Actor
from services.chassis.units import now
from services.sales import store
from services.sales.domain import Opportunity, Pipeline
from services.sales.store import SalesSession
from services.sales.store.opportunities import document_of
from services.sales.use_cases import filing, lists, opportunities
from tests.bench import page

SIZES = (10_000, 100_000)
BATCH = 2_000
USERS = 50
ROUNDS = 20
COMPANY = "growth"
STAND_IN = (
    "A stand-in engine sorts all matches and stops at no limit, so that its lists grow with a stage (ADR 0003); each\n"
    "of these reads is served by an index in order, which `tests/e2e/test_zz_query_shapes.py` checks."
)
PERMISSIONS = ("sales.read", "sales.write")
FIRST = dt.date(2026, 1, 1)
Figures = dict[str, tuple[float, float]]
PAGE = {"limit": 20, "cursor": None, "responsible_id": None, "marker_id": None, "customer_status": None}


class Company:
    """One company of growing size in a database of its own."""

    def __init__(self, uri: str) -> None:
        self.database = Database(uri, f"bench{secrets.token_hex(4)}_sales")
        self.database.ensure_indexes(store.INDEXES)
        self.pipeline = Pipeline.default(COMPANY)
        self.chance = random.Random(4)
        self.size = 0
        self.filed = False
        self.ids: list[str] = []

    def session(self, client_session: Any = None, user: str = "u1") -> SalesSession:
        tenant = self.database.tenant(COMPANY, client_session)
        return SalesSession(tenant, Actor(user, "Ana", PERMISSIONS), now(), "bench", 10.0)

    def grow(self, size: int) -> float:
        """Opportunities a second."""
        started, before = time.monotonic(), self.size
        while self.size < size:
            session = self.session()
            made = [self._opportunity(self.size + number) for number in range(min(BATCH, size - self.size))]
            documents = [document_of(one) for one in made]
            session.tenant.collection("opportunities").insert_many(documents)
            for document in documents:
                session.stage_totals.change(document, 1)
            session.stage_totals.write()
            self.ids += [one.id for one in made]
            self.size += len(made)
        return (self.size - before) / (time.monotonic() - started)

    def _opportunity(self, number: int) -> Opportunity:
        made_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=number)
        data = {
            "person_id": f"p{number % 5_000}",
            "description": f"Contato de venda {number}",
            "contact_date": FIRST + dt.timedelta(days=self.chance.randrange(1_000)),
            "responsible_id": f"u{number % USERS}",
            "amount": Decimal(self.chance.randrange(10_000_000)) / 100,
        }
        stage = self.pipeline.stages[number % 4]
        return Opportunity.create(f"{number:032d}", COMPANY, stage, made_at, FIRST, data)


def measure(company: Company) -> Figures:
    """p50 and p99 of each, in milliseconds."""
    day = {**PAGE, "date": FIRST + dt.timedelta(days=300), "overdue": False}
    board = {name: value for name, value in PAGE.items() if name != "cursor"}
    mine = {"responsible_id": "me"}
    reads: dict[str, Callable[[], Any]] = {
        "board, first page": partial(_read, company, lists.get_pipeline, board),
        "list of a stage, next page": partial(_read, company, lists.search_opportunities, _next_page(company)),
        "follow-ups of a day": partial(_read, company, lists.list_follow_ups, day),
        "follow-ups of a day, of a user": partial(_read, company, lists.list_follow_ups, {**day, **mine}),
        "follow-ups by today, overdue first, of a user": partial(
            _read, company, lists.list_follow_ups, {**day, **mine, "overdue": True}
        ),
        "idle, of a user": partial(_read, company, lists.list_idle_opportunities, {**PAGE, **mine}),
        "create": partial(_create, company),
        "move to another stage": partial(_move, company),
        "archive 100 at once, or bring them back": partial(_file, company),
    }
    return {name: _timed(work) for name, work in reads.items()}


def _next_page(company: Company) -> dict[str, Any]:
    asked = {**PAGE, "stage_id": company.pipeline.first.id, "status": "open"}
    return {**asked, "cursor": _read(company, lists.search_opportunities, asked)["next_cursor"]}


def _read(company: Company, query: Any, data: dict[str, Any]) -> Any:
    return query.__wrapped__(company.session(), dict(data))


def _command(company: Company, command: Any, data: dict[str, Any]) -> None:
    def work(client_session: Any) -> None:
        session = company.session(client_session)
        command.__wrapped__(session, dict(data))
        session.flush()

    company.database.transact(work, 10)


def _create(company: Company) -> None:
    company.session().tenant.collection("persons").put({"_id": "p1", "name": "Maria"})
    _command(company, opportunities.create_opportunity, {"person_id": "p1", "description": "Forno"})


def _move(company: Company) -> None:
    stage = company.chance.choice(company.pipeline.stages[:4])
    data = {"opportunity_id": company.chance.choice(company.ids), "stage_id": stage.id}
    _command(company, opportunities.move_opportunity, data)


def _file(company: Company) -> None:
    company.filed = not company.filed
    command = filing.archive_opportunities if company.filed else filing.unarchive_opportunities
    _command(company, command, {"ids": company.ids[:100]})


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[98]


def section(engine: str, rates: list[float], small: Figures, large: Figures) -> str:
    python, today = sys.version.split()[0], dt.datetime.now(dt.UTC).date()
    load = os.getloadavg()[0]
    lines = [f"## {engine}", ""]
    lines += [f"{today}, {os.cpu_count()} cores, load {load:.1f}, Python {python}; no broker, {ROUNDS} rounds each."]
    lines += [f"Filled at {rates[0]:.0f}, then {rates[1]:.0f} opportunities/s.", ""]
    head = [f"{size:,}: {cut}, ms" for size in SIZES for cut in ("p50", "p99")]
    lines += [f"| one company | {' | '.join(head)} | p50 growth |", "|---|---|---|---|---|---|"]
    for name, before in small.items():
        figures = " | ".join(f"{value:.1f}" for value in (*before, *large[name]))
        lines.append(f"| {name} | {figures} | {large[name][0] / before[0]:.1f} |")
    return "\n".join([*lines, "", STAND_IN, ""])


def main() -> None:
    company = Company(os.environ["MONGO_URI"])
    rates, figures = [], []
    for size in SIZES:
        rates.append(company.grow(size))
        figures.append(measure(company))
    title = f"pipeline growth: {page.engine()}"
    text = section(title, rates, *figures)
    print(text, flush=True)
    page.write(title, text)
    with pymongo.timeout(300):
        company.database.client.drop_database(company.database.collection("x").database.name)
    company.database.close()


if __name__ == "__main__":
    main()
