"""Services as processes on a broker and a database of the tests' own; what chaos tests break and look at."""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import pymongo
import requests
from pymongo.collection import Collection

from deploy import topology as deployed
from deploy.local.broker import Broker
from deploy.local.database import Database
from services.chassis.handling.entrypoints import subscriptions_of
from services.chassis.messaging import topology as messaging_topology
from tests.support.fakes.chaos_probe import Probe
from tests.support.stack import admin
from tests.support.stack.bus import Bus, Caller
from tests.support.stack.folders import LogFolder
from tests.support.stack.ledger import Ledger
from tests.support.stack.ports import free_port, wait_for
from tests.support.stack.system import PASSWORD, ROOT, SERVICES, Process
from tests.support.stack.wire_keys import WireKeys

PATHS = {
    **SERVICES,
    "probe": "tests.support.fakes.chaos_probe:Probe",
    "doomed-sales": "tests.support.fakes.doomed:DoomedSales",
    "doomed-attendance": "tests.support.fakes.doomed:DoomedAttendance",
}
DELAYS = [1, 2, 4]
RUNNER = "services.chassis.process.runner"
# The engine keeps a dead process's open transaction, and what it had written, for 60 s (MongoDB does the same:
# transactionLifetimeLimitSeconds); an attempt in between lasts up to 10 s.
ORPHAN_SECONDS = 150
COMPANY = "c1"
LOGIN = "ana@empresa.example"


class Rig:
    """One test's view: fresh queues, a database of its own, processes that end with it."""

    def __init__(self, broker: Broker, database: Database) -> None:
        self.broker, self.database = broker, database
        # of services that are started by no other
        self.runner = RUNNER
        self._logs = LogFolder("vinculo-chaos-")
        self.folder = self._logs.path
        self.keys = WireKeys(Probe.name)
        self.processes: dict[str, Process] = {}
        self.ports: dict[str, int] = {}
        self.smtp, self.mail = free_port(), free_port()
        self._buses: list[Bus] = []
        self.caller = Caller(COMPANY)
        self.env = {
            **os.environ,
            "AMQP_URI": broker.uri,
            "MONGO_URI": database.uri,
            "VINCULO_DATABASE_PREFIX": f"t{secrets.token_hex(4)}_",
            **self.keys.shared(),
            "VINCULO_RETRY_DELAYS": ",".join(map(str, DELAYS)),
            "VINCULO_LEASE_SECONDS": "3",
            "VINCULO_HEARTBEAT_SECONDS": "2",
            "VINCULO_SMTP_URL": f"smtp://127.0.0.1:{self.smtp}",
            "PROBE_LOG": str(self.folder / "starts.log"),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
        }
        (self.folder / "starts.log").touch()
        self._fresh_topology()

    def _fresh_topology(self) -> None:
        exchanges = [*deployed.exchanges(), messaging_topology.events_exchange(Probe.name)]
        queues = [*deployed.queues(DELAYS), *messaging_topology.queues(Probe.name, subscriptions_of(Probe), DELAYS)]
        bus = self.bus()
        for queue in queues:
            bus.do(partial(_delete, queue.name))
        messaging_topology.declare(self.broker.uri, exchanges, queues)

    def bus(self) -> Bus:
        bus = Bus(self.broker.uri, self.keys, self.caller)
        self._buses.append(bus)
        return bus

    def start(self, name: str, service: str = "", ready: bool = True, runner: str = "", **settings: str) -> Process:
        """A service by name ("people", "probe"); `name` tells replicas apart."""
        self.ports[name] = free_port()
        env = {**self.env, "VINCULO_HEALTH_PORT": str(self.ports[name]), **self._own_key(service or name), **settings}
        command = [sys.executable, "-m", runner or self.runner, PATHS[service or name]]
        process = self.processes[name] = Process(name, command, env, self.folder / f"{name}.log")
        process.start()
        if ready:
            self.wait_ready(name)
        return process

    def _own_key(self, path: str) -> dict[str, str]:
        return self.keys.own(path.removeprefix("doomed-"))

    def start_five(self) -> None:
        """The five services and the mailbox."""
        for name in SERVICES:
            self.start(name, ready=False)
        command = [sys.executable, "-m", "deploy.local.mailbox", "--smtp-port", str(self.smtp)]
        command += ["--http-port", str(self.mail), "--folder", str(self.folder / "mail")]
        self.processes["mailbox"] = Process("mailbox", command, self.env, self.folder / "mailbox.log")
        self.processes["mailbox"].start()
        self.wait_ready(*SERVICES)
        self._sign_in()

    def _sign_in(self) -> None:
        """An administrator of a company makes all requests from now on, and may be told by e-mail."""
        env = {**self.env, "VINCULO_PASSWORD": PASSWORD}
        admin.run(("company", "create", "--code", "empresa", "--name", "Empresa"), env)
        made = ("user", "create", "--login", LOGIN, "--name", "Ana", "--company", "empresa", "--role", "admin")
        admin.run(made, env)
        # a reply that is lost with its connection is not given twice: the command is secret
        data = {"login": LOGIN, "password": PASSWORD, "address": "127.0.0.1"}
        self.bus().insist("people", "sign_in", data, "sign in")
        [user], session = self.documents("people", "users"), self.documents("people", "sessions")[-1]
        self.caller.company = session["company"]
        self.caller.user, self.caller.session = user["_id"], session["_id"]
        wait_for(lambda: self.documents("notifications", "users"), 30, "whom notifications may tell")
        wait_for(lambda: self.documents("notifications", "roles"), 30, "what they may see")

    def is_ready(self, name: str) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.ports[name]}/ready", timeout=3).status_code == 200
        except requests.RequestException:
            return False

    def wait_ready(self, *names: str, seconds: float = 60) -> None:
        for name in names:
            wait_for(lambda name=name: self.is_ready(name), seconds, f"{name} ready")  # type: ignore[misc]

    def documents(self, service: str, collection: str) -> list[dict[str, Any]]:
        return list(self._collection(service, collection).find())

    def count(self, service: str, collection: str) -> int:
        """How many documents; cheap, so that who waits for many does not slow down what writes them."""
        return self._collection(service, collection).count_documents({})

    def _collection(self, service: str, collection: str) -> Collection[Any]:
        return self._databases[self.env["VINCULO_DATABASE_PREFIX"] + service][collection]

    @cached_property
    def _databases(self) -> pymongo.MongoClient[Any]:
        return pymongo.MongoClient(self.env["MONGO_URI"])

    def texts(self, collection: str) -> list[str]:
        """The effects in the probe's database."""
        return [str(found["text"]) for found in self.documents("probe", collection)]

    def starts(self, what: str, text: str | None = None) -> list[float]:
        rows = map(json.loads, (self.folder / "starts.log").read_text().splitlines())
        return [row["at"] for row in rows if row["what"] == what and text in (None, row["text"])]

    def mails(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = requests.get(f"http://127.0.0.1:{self.mail}/messages", timeout=10).json()
        return found

    def parked(self, service: str = "probe") -> list[tuple[Any, bytes]]:
        return self.bus().take_all(messaging_topology.dead_queue_name(service))

    def depth(self, queue: str) -> int:
        declared = self.bus().do(lambda channel: channel.queue_declare(queue, passive=True))
        return int(declared.method.message_count)

    def deaths(self) -> int:
        return sum(not process.alive() for process in self.processes.values())

    def stop(self) -> None:
        for bus in self._buses:
            bus.close()
        for process in self.processes.values():
            if process.alive():
                process.kill()
        self._databases.close()
        self._logs.close()


class Callers:
    """Threads that write with one key each time, and insist on it through every failure."""

    def __init__(self, rig: Rig, ledger: Ledger, count: int, write: Callable[[Bus, str, int], Any]) -> None:
        self._ledger, self._write = ledger, write
        self._stop = threading.Event()
        self.buses = [rig.bus() for _ in range(count)]
        self.failures: list[str] = []
        self._threads = [
            threading.Thread(target=self._run, args=(bus, index), daemon=True) for index, bus in enumerate(self.buses)
        ]

    def __enter__(self) -> Callers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive(), "a caller hangs"
        assert not self.failures, self.failures[:3]

    @property
    def errors(self) -> int:
        return sum(bus.errors for bus in self.buses)

    def _run(self, bus: Bus, index: int) -> None:
        turn = 0
        while not self._stop.is_set():
            key = f"escrita {index}-{turn}"
            self._ledger.attempt(key)
            started = time.monotonic()
            try:
                self._write(bus, key, index)
            except Exception as error:  # noqa: BLE001 (a caller's end is the test's failure)
                self.failures.append(repr(error))
                return
            self._ledger.acknowledge(key, str(index), time.monotonic() - started)
            turn += 1
            time.sleep(0.05)


def _delete(queue: str, channel: Any) -> None:
    channel.queue_delete(queue)


def write_note(bus: Bus, key: str, index: int) -> None:
    bus.insist("probe", "note", {"text": key}, key)


class Conversations:
    """Attendances with a watcher, one a caller: each entry must give one entry and one e-mail."""

    def __init__(self, rig: Rig, count: int) -> None:
        self._rig = rig
        bus = rig.bus()
        self.persons: list[str] = []
        self.ids: list[str] = []
        for index in range(count):
            person = bus.result("people", "register_person", {"name": f"Pessoa {index}"}, seconds=10)["id"]
            watch = {"person_id": person, "email": "ana@empresa.example", "own_actions": True}
            bus.insist("notifications", "watch_person", watch, f"watch {index}")
            opened = bus.insist(
                "attendance", "open_attendance", {"person_id": person, "title": "Visita", "text": ""}, f"open {index}"
            )
            self.persons.append(person)
            self.ids.append(opened["id"])

    def write(self, bus: Bus, key: str, index: int) -> None:
        bus.insist("attendance", "record_entry", {"attendance_id": self.ids[index], "text": key}, key)

    def entries(self) -> list[str]:
        return [str(entry["text"]) for entry in self._rig.documents("attendance", "entries")]

    def deliveries(self) -> Counter[str]:
        """How many different e-mails stand for each entry's text, in the service's records."""
        return Counter(self._texts().values())

    def _texts(self) -> dict[str, str]:
        """The entry that each recorded e-mail tells of, by Message-ID; without those of the openings."""
        recorded = self._rig.documents("notifications", "deliveries")
        found = {one["message_id"]: re.search(r"escrita \d+-\d+", one["body"]) for one in recorded}
        return {message_id: entry[0] for message_id, entry in found.items() if entry}

    def mails(self) -> Counter[str]:
        """Different Message-IDs at the mail server, by entry; a resend under the same Message-ID is one."""
        # Read before the records: a mail never precedes its own.
        arrived = {mail["message_id"] for mail in self._rig.mails()}
        texts = self._texts()
        return Counter(texts[message_id] for message_id in arrived & texts.keys())
