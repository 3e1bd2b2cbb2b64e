"""`python -m tests.bench.flow_growth`: how the first page of a flow's list grows with the flow (row A13).

Fills one flow to 5,000 and to 50,000 attendances, straight into the database as the service's store would write them,
asks the gateway for first pages, and writes its section of docs/benchmarks.md for the engine of MONGO_URI.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import sys
import uuid
from dataclasses import dataclass, replace
from typing import Any

from services.attendance.attendances.model.attendance import ACTIVE, Attendance
from services.attendance.attendances.repository import document_of
from services.attendance.filing.repository import SEARCH_LIMIT, View
from services.attendance.flows.repository import SHARDS
from tests.bench import page
from tests.bench.explained import alone
from tests.bench.journeys import percentile, timed
from tests.support.builders.flows import new_flow, new_tag
from tests.support.stack.system import Client, System

SIZES = (5_000, 50_000)
BATCH = 500
ASKED = 60
PAGE_READ = 21  # what the store reads for a page of 20
VIEWS: dict[str, dict[str, str]] = {
    "by last update": {"sort": "-updated_at"},
    "by value": {"sort": "-value"},
    "by reference, with a tag": {"sort": "reference", "tag_id": ""},
    "by title, searched": {"sort": "subject", "q": "#77"},
}
WORDS = ("Forno", "Balança", "Amassadeira", "Estufa", "Vitrine", "Batedeira", "Cilindro", "Masseira")
BEGAN = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)


def main() -> None:
    title = f"flow growth: {page.engine()}"
    system = System(VINCULO_RPC_SECONDS="30")
    try:
        system.start()
        figures = measure(system)
    finally:
        system.stop()
    section = _section(title, figures)
    page.write(title, section)
    print(section)


@dataclass(frozen=True)
class Figures:
    """Milliseconds of a first page of 20: through the gateway, and the engine's own, with the index that it names."""

    p50: float
    p99: float
    engine_p50: float
    index: str


def measure(system: System) -> dict[int, dict[str, Figures]]:
    ana = Client(system.url, "ana@padaria.example")
    company = str(ana.session["company"]["id"])
    flow = new_flow(ana)["id"]
    tag = new_tag(ana, flow, "Quente")
    figures: dict[int, dict[str, Figures]] = {}
    made = 0
    for size in SIZES:
        fill(system, company, flow, tag, made, size)
        made = size
        figures[size] = {
            name: Figures(*_asked(ana, flow, view, tag), *_alone(system, company, flow, view, tag))
            for name, view in VIEWS.items()
        }
        print(size, figures[size], flush=True)
    return figures


def fill(system: System, company: str, flow: str, tag: str, first: int, last: int) -> None:
    """Attendances number `first` to `last` of the flow, and its totals."""
    database = system.mongo("attendance")
    for start in range(first, last, BATCH):
        documents = [_document(company, flow, tag, number) for number in range(start, min(start + BATCH, last))]
        database.attendances.insert_many(documents, ordered=False)
    for shard in range(SHARDS):
        counted = {"active.attendances": (last - first) // SHARDS}
        database.flow_totals.update_one({"_id": f"{flow}/{shard}"}, {"$inc": counted})


def _document(company: str, flow: str, tag: str, number: int) -> dict[str, Any]:
    """A third is tagged; titles and updates are spread."""
    spread = number * 7919 % 100_003
    one = Attendance.open(
        id=uuid.uuid5(uuid.NAMESPACE_OID, f"{flow}/{number}").hex,
        person_id=f"p{number % 500}",
        title=f"{WORDS[spread % len(WORDS)]} {WORDS[number % len(WORDS)]} {spread}",
        reference=number + 1,
        at=BEGAN + dt.timedelta(minutes=number),
        contact_name=f"Cliente {number % 500}",
        flow_id=flow,
        tags=[tag] if number % 3 == 0 else [],
    )
    one.append("x", "", "", "", BEGAN + dt.timedelta(minutes=spread), "note")
    return {**document_of(one, lambda: dt.UTC), "company": company, "value_key": spread}


def _asked(ana: Client, flow: str, view: dict[str, str], tag: str) -> tuple[float, float]:
    params = {**view, **({"tag_id": tag} if "tag_id" in view else {})}
    path = f"/v1/flows/{flow}/attendances"
    assert ana.get(path, params=params, timeout=60)["items"]
    took = [timed(ana, "GET", path, params=params, timeout=60) for _ in range(ASKED)]
    return statistics.median(took), percentile(took, 0.99)


def _alone(system: System, company: str, flow: str, view: dict[str, str], tag: str) -> tuple[float, str]:
    """The same read by pymongo: its p50, and the index by explain."""
    seen = View(flow, ACTIVE, view["sort"], tag if "tag_id" in view else None, view.get("q", ""))
    limit = PAGE_READ
    if seen.in_memory:
        seen, limit = replace(seen, sort="-updated_at"), SEARCH_LIMIT + 1
    attendances = system.mongo("attendance").attendances

    def read() -> Any:
        found = attendances.find({"company": company, **seen.where}).sort(seen.order(seen.descending))
        return found.limit(limit)

    return alone(read, ASKED)


def _section(title: str, figures: dict[int, dict[str, Figures]]) -> str:
    small, large = SIZES
    today, load = dt.datetime.now(dt.UTC).date(), os.getloadavg()[0]
    lines = [f"## {title}", ""]
    lines += [f"{today}, {os.cpu_count()} cores, Python {sys.version.split()[0]}, load {load:.0f} at the end.", ""]
    lines += ["First page of 20, ms: through the gateway, and of the engine alone (the same read by pymongo).", ""]
    lines += [f"| list | {small:,}: p50 | p99 | engine | {large:,}: p50 | p99 | engine | p50 grows by |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for name in VIEWS:
        one, more = figures[small][name], figures[large][name]
        cells = [name, *_cells(one), *_cells(more), f"{more.p50 / one.p50:.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    used = {f"{name}: {one.index}" for name, one in figures[large].items()}
    return "\n".join([*lines, "", f"By its explain, the engine reads {'; '.join(sorted(used))}.", ""])


def _cells(one: Figures) -> list[str]:
    return [f"{one.p50:.0f}", f"{one.p99:.0f}", f"{one.engine_p50:.1f}"]


if __name__ == "__main__":
    main()
