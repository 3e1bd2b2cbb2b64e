"""`python -m tests.bench.against BASE`: operations of this tree against those of a git revision, in one run.

Both systems stand side by side and are asked in turn, so a machine that gets slower meanwhile does not matter: read the
ratios. Closed loop of 4 connections; the first of a round does what it can in its seconds, the other does as many: so
both hold as much. CPU time is that of all processes of a system: services, gateway, mailbox, broker and
database (an engine given by MONGO_URI is both's: it counts for who is asked). The tables go to docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pymongo
import requests

from tests.bench import page
from tests.bench.stage import SECOND
from tests.support.stack.names import as_before
from tests.support.stack.system import PASSWORD, ROOT

FIRST = "ana@padaria.example"
CONNECTIONS = 4
ANY_VERSION = {"If-Match": "*"}
ROUNDS = 3
PERSONS = 400
WORDS = ("Alves", "Barros", "Castro", "Dias", "Esteves", "Farias", "Gomes", "Horta", "Ibarra", "Jardim")
QUIET_SECONDS = 60
CPU, RATE, P50, P99, LAG = "CPU ms", "per second", "p50 ms", "p99 ms", "mail lag p99 ms"


class Stage:
    """One revision's system, and what it is asked."""

    def __init__(self, name: str, tree: Path) -> None:
        self.name = name
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/bench/stage.py")],
            cwd=tree, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.numbers = count()

    def wait(self) -> None:
        """Until it is there; then fills it."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name}: the system did not start")
        where = json.loads(line)
        self.url, self.mails = where["url"], Path(where["mails"])
        self.deliveries = pymongo.MongoClient[Any](where["mongo"], tz_aware=True)[where["prefix"] + "notifications"]
        self.sessions = [self.signed_in(FIRST) for _ in range(CONNECTIONS)]
        self._fill()

    def signed_in(self, login: str) -> requests.Session:
        http = requests.Session()
        answer = http.post(f"{self.url}/v1/session", json={"login": login, "password": PASSWORD}, timeout=60)
        answer.raise_for_status()
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return http

    def _fill(self) -> None:
        self.stages = [one["id"] for one in self.ask(0, "GET", "/v1/stages")["items"]]
        with ThreadPoolExecutor(CONNECTIONS) as threads:
            self.persons = list(threads.map(lambda i: self.register(i % CONNECTIONS), range(PERSONS)))
        self.watched = self.persons[0]
        for http in (self.sessions[0], self.signed_in(SECOND)):
            http.put(
                f"{self.url}/v1/persons/{self.watched}/watchers/me", json={"own_actions": True}, timeout=60
            ).raise_for_status()
        opened = [
            self.ask(0, "POST", f"/v1/persons/{self.watched}/attendances", {"subject": f"Conversa {n}"})
            for n in range(CONNECTIONS)
        ]
        self.attendances = [one["id"] for one in opened]
        self.opportunities = []
        for person in self.persons[:40]:
            made = self.ask(0, "POST", f"/v1/persons/{person}/opportunities", {"subject": "Forno"})
            self.opportunities.append(made["id"])

    def ask(self, connection: int, method: str, path: str, body: Any = None) -> Any:
        send = partial(self.sessions[connection].request, method, f"{self.url}{path}", headers=ANY_VERSION, timeout=60)
        answer = send(json=body)
        if answer.status_code == 422 and (before := as_before(path, body)) is not None:
            answer = send(json=before)  # of a tree before ADR 0039
        if not answer.ok:
            raise RuntimeError(f"{self.name}: {method} {path} {answer.status_code} {answer.text[:300]}")
        return answer.json()

    def register(self, connection: int) -> str:
        number = next(self.numbers)
        words = (WORDS[number % 10], WORDS[number // 10 % 10], WORDS[number // 100 % 10])
        body = {
            "name": f"Pessoa {' '.join(words)} {number}",
            "emails": [{"address": f"pessoa{number}@exemplo.com.br", "main": True}],
            "phones": [{"number": f"11 9{80000000 + number}", "main": True}],
        }
        return str(self.ask(connection, "POST", "/v1/persons", body)["id"])

    def cpu(self) -> dict[str, float]:
        """Seconds used so far, by program."""
        used: dict[str, float] = {}
        for process in [*psutil.Process(self.process.pid).children(recursive=True), *given_engine()]:
            try:
                times, line = process.cpu_times(), process.cmdline()
            except psutil.NoSuchProcess:
                continue
            name = program(line)
            used[name] = used.get(name, 0) + times.user + times.system
        return used

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(60)

    def settled(self) -> None:
        """Until nothing waits to be sent; it is asked by the index of pending work, and seldom."""
        until, pending = time.monotonic() + QUIET_SECONDS, {"next_at": {"$gt": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)}}
        while self.deliveries.deliveries.find_one(pending):
            if time.monotonic() > until:
                raise RuntimeError(f"{self.name}: mails are left")
            time.sleep(0.25)


def given_engine() -> list[psutil.Process]:
    """The engine of MONGO_URI, where it is a process of this machine."""
    port = urlsplit(os.environ.get("MONGO_URI", "")).port
    listening = [one for one in psutil.net_connections("tcp4") if port and one.status == psutil.CONN_LISTEN]
    return [psutil.Process(one.pid) for one in listening if one.pid and one.laddr and one.laddr.port == port]


def program(line: list[str]) -> str:
    text = " ".join(line)
    known = {"secantusd": "database", "beam": "broker", "gunicorn": "gateway", "mailbox": "mailbox"}
    for part, name in known.items():
        if part in text:
            return name
    return line[-1].rpartition(":")[2].lower() if "runner" in text else "other"


@dataclass(frozen=True)
class Operation:
    name: str
    run: Callable[[Stage, int, int], Any]
    mails: bool = False


def _view(stage: Stage, connection: int, number: int) -> None:
    stage.ask(connection, "GET", f"/v1/persons/{stage.persons[number % PERSONS]}/view")


def _entry(stage: Stage, connection: int, number: int) -> None:
    stage.ask(connection, "POST", f"/v1/attendances/{stage.attendances[connection]}/entries", {"text": "Ligou."})


def _register(stage: Stage, connection: int, number: int) -> None:
    stage.register(connection)


def _move(stage: Stage, connection: int, number: int) -> None:
    mine = stage.opportunities[connection::CONNECTIONS]
    opportunity = mine[number % len(mine)]
    place = stage.stages[number // len(mine) % (len(stage.stages) - 1) + (number // len(mine) % 2 == 0)]
    stage.ask(connection, "PUT", f"/v1/opportunities/{opportunity}/stage", {"stage_id": place})


def _search(stage: Stage, connection: int, number: int) -> None:
    words = f"{WORDS[number % 10]} {WORDS[number // 10 % 10]}"
    stage.ask(connection, "GET", f"/v1/persons?q={words}")


def _opportunities(stage: Stage, connection: int, number: int) -> None:
    stage.ask(connection, "GET", f"/v1/persons/{stage.persons[number % 40]}/opportunities")


OPERATIONS = (
    Operation("person view", _view),
    Operation("entry to two mails", _entry, mails=True),
    Operation("registration", _register),
    Operation("moving a stage", _move),
    Operation("search by name", _search),
    Operation("a person's opportunities", _opportunities),
)


@dataclass
class Figures:
    """Of one operation of one system: a list a figure, one value a round."""

    rounds: dict[str, list[float]] = field(default_factory=dict)
    programs: list[dict[str, float]] = field(default_factory=list)

    def add(self, **values: float) -> None:
        for name, value in values.items():
            self.rounds.setdefault(name, []).append(value)

    def median(self, name: str) -> float:
        return statistics.median(self.rounds.get(name, [float("nan")]))


def measure(
    stage: Stage, operation: Operation, seconds: float, figures: Figures, times: Sequence[int] | None = None
) -> list[int]:
    """One round, in a closed loop: for so many seconds, or so many `times` a connection; of mails, until the last is
    sent. Answers how many each connection did."""
    before, started = stage.cpu(), dt.datetime.now(dt.UTC)
    began = time.perf_counter()
    ends = [partial(_done, most) for most in times] if times else [partial(_over, began + seconds)] * CONNECTIONS
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        done = list(threads.map(lambda one: _loop(stage, operation, one, ends[one]), range(CONNECTIONS)))
    took = list(chain.from_iterable(done))
    rate = len(took) / (time.perf_counter() - began)
    if operation.mails:
        stage.settled()
    time.sleep(0.5)  # what follows an answer belongs to it
    after = stage.cpu()
    used = {name: (after[name] - before.get(name, 0)) * 1000 / len(took) for name in after}
    figures.programs.append(used)
    values = {CPU: sum(used.values()), RATE: rate, P50: statistics.median(took), P99: percentile(took, 0.99)}
    if operation.mails:
        values[LAG] = percentile(_lags(stage, started), 0.99)
    figures.add(**values)
    return [len(one) for one in done]


def _done(most: int, number: int) -> bool:
    return number >= most


def _over(until: float, number: int) -> bool:
    return time.perf_counter() >= until


def _loop(stage: Stage, operation: Operation, connection: int, ended: Callable[[int], bool]) -> list[float]:
    took: list[float] = []
    for number in count():
        if ended(number):
            break
        started = time.perf_counter()
        operation.run(stage, connection, number)
        took.append((time.perf_counter() - started) * 1000)
    return took


def _lags(stage: Stage, since: dt.datetime) -> list[float]:
    found = stage.deliveries.deliveries.find({"created_at": {"$gte": since}, "status": "sent"})
    return [(one["sent_at"] - one["created_at"]).total_seconds() * 1000 for one in found]


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else float("nan")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--only", default="", help="operations whose name contains this")
    asked = parser.parse_args()
    compare(asked, [one for one in OPERATIONS if asked.only in one.name], "against")


def arguments(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("base", help="a git revision")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return parser


def compare(asked: argparse.Namespace, chosen: Sequence[Operation], title: str) -> None:
    """Measures the operations on both trees and writes their table, a section of the page, as `title` and the base."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vinculo-base-"))
        _export(asked.base, Path(folder))
        stages = [Stage("base", Path(folder)), Stage("head", ROOT)]
        for stage in stages:
            stack.callback(stage.stop)
        for stage in stages:
            stage.wait()
        results = {one.name: {stage.name: Figures() for stage in stages} for one in chosen}
        for turn in range(asked.rounds):
            for one in chosen:
                first, second = stages if turn % 2 == 0 else stages[::-1]
                times = measure(first, one, asked.seconds, results[one.name][first.name])
                measure(second, one, asked.seconds, results[one.name][second.name], times)
    heading = f"{title} {asked.base}: {page.engine()}"
    section = _section(heading, results)
    page.write(heading, section)
    print(section)


def _export(revision: str, folder: Path) -> None:
    archive = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)


def _section(heading: str, results: dict[str, dict[str, Figures]]) -> str:
    today, python = dt.datetime.now(dt.UTC).date(), sys.version.split()[0]
    lines = [f"## {heading}", "", f"{today}, {os.cpu_count()} cores, Python {python}.",
             f"Medians of rounds; {CONNECTIONS} connections in a closed loop; base, then this tree.", ""]  # fmt: skip
    lines += [f"| operation | {CPU}: base | now | **ratio** | {RATE}: base | now | {P50} | {P99} | {LAG} |"]
    lines += ["|---|---|---|---|---|---|---|---|---|"]
    for name, of in results.items():
        base_figures, now = of["base"], of["head"]
        pairs = [f"{base_figures.median(kind):.0f} / {now.median(kind):.0f}" for kind in (P50, P99)]
        lag = f"{base_figures.median(LAG):.0f} / {now.median(LAG):.0f}" if LAG in now.rounds else ""
        ratio = now.median(CPU) / base_figures.median(CPU)
        lines.append(
            f"| {name} | {base_figures.median(CPU):.1f} | {now.median(CPU):.1f} | **{ratio:.2f}** "
            f"| {base_figures.median(RATE):.0f} | {now.median(RATE):.0f} | {pairs[0]} | {pairs[1]} | {lag} |"
        )
    lines += ["", "CPU ms by process, base / now:", ""]
    for name, of in results.items():
        programs = sorted({one for figures in of.values() for used in figures.programs for one in used})
        parts = [f"{one} {_of_program(of['base'], one):.1f} / {_of_program(of['head'], one):.1f}" for one in programs]
        lines.append(f"- {name}: {', '.join(parts)}")
    return "\n".join([*lines, ""])


def _of_program(figures: Figures, name: str) -> float:
    return statistics.median(used.get(name, 0) for used in figures.programs)


if __name__ == "__main__":
    main()
