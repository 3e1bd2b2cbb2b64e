"""What users feel: the person view under load, and the way of an entry to its e-mail."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

CLIENTS = 8
VIEWS = 400
ENTRIES = 200


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def timed(client: Client, method: str, path: str, **options: Any) -> float:
    started = time.perf_counter()
    answer = client.request(method, path, **options)
    assert answer.ok, answer.text
    return (time.perf_counter() - started) * 1000


def person_views(system: System) -> dict[str, float]:
    """Requests a second and milliseconds, with 8 clients at once."""
    clients = [Client(system.url, "ana@padaria.example") for _ in range(CLIENTS)]
    person = clients[0].register("Medida da Vista")
    path = f"/v1/persons/{person['id']}/view"
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as threads:
        took = list(threads.map(lambda i: timed(clients[i % CLIENTS], "GET", path), range(VIEWS)))
    rate = VIEWS / (time.perf_counter() - started)
    return {"per_second": rate, "p50_ms": statistics.median(took), "p99_ms": percentile(took, 0.99)}


def entries_to_mail(system: System) -> dict[str, float]:
    """Entries a second through the gateway, and the lag from the entry to its e-mail at the SMTP server."""
    ana = Client(system.url, "ana@padaria.example")
    person = ana.register("Medida do Correio")
    ana.put(f"/v1/persons/{person['id']}/watchers/me", {"own_actions": True})
    before = len(system.mails())
    paths = [_opened(ana, person["id"], n) for n in range(CLIENTS)]
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as threads:
        list(threads.map(lambda i: timed(ana, "POST", paths[i % CLIENTS], json={"text": "x"}), range(ENTRIES)))
    rate = ENTRIES / (time.perf_counter() - started)
    wait_for(lambda: len(system.mails()) - before >= ENTRIES, 120, "all e-mails")
    delivered = ENTRIES / (time.perf_counter() - started)
    lags = [
        (d["sent_at"] - d["created_at"]).total_seconds() * 1000
        for d in system.mongo("notifications").deliveries.find({"person_id": person["id"]})
        if isinstance(d["sent_at"], datetime)
    ]
    return {"entries_per_second": rate, "mails_per_second": delivered, "lag_p99_ms": percentile(lags, 0.99)}


def _opened(client: Client, person: str, number: int) -> str:
    opened = client.post(f"/v1/persons/{person}/attendances", {"subject": f"Conversa {number}"})
    return f"/v1/attendances/{opened['id']}/entries"
