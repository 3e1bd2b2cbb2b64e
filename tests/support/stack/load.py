"""Callers that write with idempotency keys and read what they wrote, while something is done to the system; afterwards
every acknowledged write is looked for in the databases."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import requests

from tests.support.stack.ledger import Ledger
from tests.support.stack.names import as_before
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

CALLERS = 6
# What a killed process left open in the database keeps others from those records for a minute.
PATIENCE_SECONDS = 90.0
SETTLED_SECONDS = 120


class Load:
    """Callers that register persons, talk with them and read, until told to stop."""

    def __init__(self, system: System, test: str) -> None:
        self.ledger = Ledger(test)
        self.requests = self.repeated = 0
        self.first: Counter[str] = Counter()
        self.failed: list[str] = []
        self.seconds: list[float] = []
        self._system, self._stop, self._lock = system, threading.Event(), threading.Lock()

    @contextmanager
    def running(self) -> Iterator[None]:
        ana = Client(self._system.url, "ana@padaria.example")
        threads = [threading.Thread(target=self._live, args=(ana, number)) for number in range(CALLERS)]
        for thread in threads:
            thread.start()
        try:
            time.sleep(3)
            yield
            time.sleep(3)
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _live(self, ana: Client, number: int) -> None:
        http = requests.Session()
        http.headers["Authorization"] = str(ana.http.headers["Authorization"])
        person = self._write(http, number, "/v1/persons", {"name": f"Titular {uuid.uuid4().hex}"}, note=False)
        conversation = self._write(http, number, f"/v1/persons/{person}/attendances", {"subject": "Carga"}, note=False)
        while not self._stop.is_set():
            one = self._write(http, number, "/v1/persons", {"name": f"Pessoa {uuid.uuid4().hex}"})
            if one:
                self._ask(http, "GET", f"/v1/persons/{one}")
            self._write(
                http, number, f"/v1/attendances/{conversation}/entries", {"text": f"Parecer {uuid.uuid4().hex}"}
            )
            self._ask(http, "GET", f"/v1/attendances/{conversation}/entries?limit=5")
            self._ask(http, "GET", f"/v1/persons/{person}/view")
            body = {"subject": f"Oportunidade {uuid.uuid4().hex}"}
            self._write(http, number, f"/v1/persons/{person}/opportunities", body)

    def _write(self, http: requests.Session, number: int, path: str, body: dict[str, str], note: bool = True) -> str:
        """The id of what was made. Its only text is unique: the effect is found by it."""
        (said,) = body.values()
        if note:
            self.ledger.attempt(said)
        began = time.monotonic()
        answer = self._ask(http, "POST", path, body)
        if answer is None:
            return ""
        if note:
            self.ledger.acknowledge(said, str(number), time.monotonic() - began)
        return str(answer["id"])

    def _ask(self, http: requests.Session, method: str, path: str, body: Any = None) -> Any:
        """The answer; None, and a failure, where none came in time or it was no success."""
        headers = {"Idempotency-Key": uuid.uuid4().hex} if method == "POST" else {}
        began, tries = time.monotonic(), 0
        while True:
            tries += 1
            told, answer = self._once(http, method, path, body, headers)
            late = time.monotonic() - began > PATIENCE_SECONDS
            # a person who is known to people may not have reached the others yet (ADR 0002)
            if told not in ("503", "no answer", "person_not_found", "attendance_not_found") or late:
                break
            time.sleep(0.2)
        with self._lock:
            self.requests += 1
            self.repeated += tries > 1
            self.seconds.append(time.monotonic() - began)
            if answer is None:
                self.failed.append(f"{method} {path.rsplit('/', 1)[-1][:20]} {told}")
        return answer

    def _once(
        self, http: requests.Session, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> tuple[str, Any]:
        """What was told, in a word; and the answer where it is one."""
        try:
            got = http.request(method, self._system.url + path, json=body, headers=headers, timeout=20)
            if got.status_code == 422 and (before := as_before(path, body)) is not None:
                got = http.request(method, self._system.url + path, json=before, headers=headers, timeout=20)
        except requests.RequestException as error:
            self._note(type(error).__name__)
            return "no answer", None
        if got.ok:
            return "done", got.json()
        code = str(got.json().get("code")) if "json" in got.headers.get("Content-Type", "") else ""
        self._note(f"{got.status_code} {code}")
        return "503" if got.status_code == 503 else code or str(got.status_code), None

    def _note(self, told: str) -> None:
        with self._lock:
            self.first[told] += 1

    def settle(self, moment: float, **figures: Any) -> bool:
        """Prints the line; whether nothing failed, was lost or doubled."""
        try:
            wait_for(lambda: self.ledger.acknowledged <= set(self._effects()), SETTLED_SECONDS, "all effects")
        except AssertionError:
            pass  # the line below says what is missing
        refused = ",".join(f"{told}:{count}" for told, count in self.first.most_common(6)) or "none"
        ordered = sorted(self.seconds)
        try:
            recovered = self.ledger.recovered_after(moment) if self.ledger.acknowledged else float("inf")
            self.ledger.settle(
                self._effects(), recovered, requests=self.requests, failed=len(self.failed),
                repeated=self.repeated, refused=refused, p50_s=median(ordered),
                p99_s=ordered[int(len(ordered) * 0.99)], worst_s=ordered[-1], **figures,
            )  # fmt: skip
        except AssertionError as trouble:
            print(trouble)
            return False
        if self.failed:
            print(Counter(self.failed).most_common(5))
        return not self.failed

    def _effects(self) -> list[str]:
        """The unique texts of the three kinds of writes, each as often as it is in a database."""
        found = []
        for service, collection, field in (
            ("people", "persons", "name"),
            ("attendance", "entries", "text"),
            ("sales", "opportunities", "description"),
        ):
            rows = self._system.mongo(service)[collection].find({}, {field: 1})
            found += [row[field] for row in rows if row.get(field)]
        attempted = self.ledger.attempted
        return [text for text in found if text in attempted]
