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
from typing import Any

from services.attendance.domain import Attendance
from services.attendance.store.attendances import document_of
from services.attendance.store.flows import SHARDS
from services.attendance.store.listing import INDEXES
from tests.bench import page
from tests.bench.journeys import percentile, timed
from tests.support.flows import new_flow, new_tag
from tests.support.system import Client, System

SIZES = (5_000, 50_000)
BATCH = 500
ASKED = 60
VIEWS: dict[str, dict[str, str]] = {
    "by last update": {"sort": "-updated_at"},
    "by value": {"sort": "-value"},
    "by reference, with a tag": {"sort": "reference", "tag_id": ""},
    "by title, searched": {"sort": "title", "q": "#77"},
}
WORDS = ("Forno", "Balança", "Amassadeira", "Estufa", "Vitrine", "Batedeira", "Cilindro", "Masseira")
BEGAN = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)


def main() -> None:
    engine = "given by MONGO_URI" if os.environ.get("MONGO_URI") else "embedded (SecantusDB)"
    system = System(VINCULO_RPC_SECONDS="30")
    try:
        system.start()
        figures = measure(system)
    finally:
        system.stop()
    section = _section(engine, figures)
    page.write(f"Growth of a flow, {engine}", section)
    print(section)


def measure(system: System) -> dict[int, dict[str, tuple[float, float]]]:
    """By size and view: p50 and p99 in milliseconds, first pages of 20 through the gateway."""
    ana = Client(system.url, "ana@padaria.example")
    company = str(ana.session["company"]["id"])
    flow = new_flow(ana)["id"]
    tag = new_tag(ana, flow, "Quente")
    figures: dict[int, dict[str, tuple[float, float]]] = {}
    made = 0
    for size in SIZES:
        fill(system, company, flow, tag, made, size)
        made = size
        figures[size] = {name: _asked(ana, flow, view, tag) for name, view in VIEWS.items()}
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


def _section(engine: str, figures: dict[int, dict[str, tuple[float, float]]]) -> str:
    small, large = SIZES
    today, load = dt.datetime.now(dt.UTC).date(), os.getloadavg()[0]
    lines = [f"## Growth of a flow, {engine}", ""]
    lines += [f"{today}, {os.cpu_count()} cores, Python {sys.version.split()[0]}, load {load:.0f} at the end.", ""]
    lines += [f"First page of 20 through the gateway, ms; {len(INDEXES)} indexes serve the lists.", ""]
    lines += [f"| list | {small:,}: p50 | p99 | {large:,}: p50 | p99 | p50 grows by |", "|---|---|---|---|---|---|"]
    for name in VIEWS:
        (p50, p99), (later50, later99) = figures[small][name], figures[large][name]
        grown = later50 / p50
        lines.append(f"| {name} | {p50:.0f} | {p99:.0f} | {later50:.0f} | {later99:.0f} | {grown:.1f} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
