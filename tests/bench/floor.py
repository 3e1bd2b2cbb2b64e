"""`python -m tests.bench.floor`: what an operation costs where nothing is ours. Written to docs/benchmarks.md.

The commands that an operation of this tree sends to the databases are recorded, and sent to the same engine by bare
PyMongo; as many messages of the same size go through a broker by bare pika, and its mails to the mailbox by smtplib:
one after another, on connections that stay open. There is no HTTP, no schema, no signature and no other process.
Whatever does the same work costs more, so a bar below it is out of reach. What the sending of mails asks and records is
left out: the system in one process sends none.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import smtplib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import bson
import pika
import psutil
import pymongo
from bson.raw_bson import RawBSONDocument
from pymongo.read_concern import ReadConcern

from services.chassis.storage.database import MAJORITY
from tests.bench import page
from tests.bench.against import given_engine, program
from tests.support.query_log import CommandLog, listening
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.system import Client

WARM, TIMES = 20, 200
MAILS = 2
MAIL = "From: vinculo@empresa.example\r\nTo: ana@padaria.example\r\nSubject: Parecer\r\n\r\n" + "x" * 1_000
# The driver's own, which it adds again.
OWN = ("lsid", "txnNumber", "startTransaction", "autocommit", "$clusterTime", "$db", "readConcern", "maxTimeMS")
BASE = re.compile(r"## against (\w+): (.+?)\n(.*?)(?=\n## |\Z)", re.DOTALL)


@dataclass
class Work:
    """What one operation asks of others: commands as (database, command); sizes of requests and their answers; of
    events their size and how many hear them."""

    commands: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    requests: list[tuple[int, int]] = field(default_factory=list)
    events: list[tuple[int, int]] = field(default_factory=list)
    mails: int = 0


class Recorder(CommandLog):
    """While it is on, keeps the commands of one thread as they are."""

    kept: list[tuple[str, dict[str, Any]]]

    def started(self, event: Any) -> None:
        if threading.get_ident() == self.thread and event.command_name != "endSessions":
            self.kept.append((event.database_name, _plain(event.command)))


def _plain(value: Any) -> Any:
    if isinstance(value, RawBSONDocument):
        return bson.decode(value.raw)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else deepcopy(value)


def recorded(system: InProcessSystem, recorder: Recorder, operation: Callable[[], object], mails: int) -> Work:
    hands, work = system._hands, Work(mails=mails)
    request, publish = hands.request, hands.publish

    def asked(routing_key: str, body: bytes, headers: Mapping[str, Any], reply_to: str | None) -> bytes:
        answer = request(routing_key, body, headers, reply_to)
        work.requests.append((len(body), len(answer)))
        return answer

    def told(exchange: str, routing_key: str, body: bytes, headers: Mapping[str, Any]) -> None:
        work.events.append((len(body), len(hands._subscribers.get(f"{exchange} {routing_key}", ()))))
        publish(exchange, routing_key, body, headers)

    hands.request, hands.publish = asked, told  # type: ignore[method-assign]
    recorder.kept = work.commands
    try:
        with recorder.on(system._serving.ident):
            operation()
    finally:
        del hands.request, hands.publish
    return work


def varied(commands: list[tuple[str, dict[str, Any]]], number: int) -> list[tuple[str, dict[str, Any]]]:
    """The same, for other records: what is inserted has another id, and what is changed other numbers and times."""
    names = {one["_id"]: f"{one['_id']}~{number}" for _, command in commands for one in _inserted(command)}
    return [(database, _varied(command, names, number)) for database, command in commands]


def _inserted(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from command.get("documents", ())
    yield from (one["document"] for one in command.get("ops", ()) if "insert" in one)


def _varied(value: Any, names: Mapping[Any, str], number: int, changing: bool = False) -> Any:
    if isinstance(value, dict):
        return {name: _varied(one, names, number, changing or name in ("$set", "code")) for name, one in value.items()}
    if isinstance(value, list):
        return [_varied(one, names, number, changing) for one in value]
    if isinstance(value, str):
        return names.get(value, value)
    if changing and isinstance(value, dt.datetime):
        return value + dt.timedelta(seconds=number)
    return value + 1_000 * number if changing and type(value) is int else value


def send_commands(client: pymongo.MongoClient[Any], commands: list[tuple[str, dict[str, Any]]]) -> None:
    session = None
    for database, command in commands:
        if "commitTransaction" in command and session is not None:
            session.commit_transaction()
            session.end_session()
            continue
        if command.get("startTransaction"):
            session = client.start_session(causal_consistency=False)
            session.start_transaction(ReadConcern("snapshot"), MAJORITY)
        within = session if "autocommit" in command else None
        client[database].command({k: v for k, v in command.items() if k not in OWN}, session=within)


class Messages:
    """Requests and events by one connection, in one thread: what is sent is awaited."""

    def __init__(self, uri: str, readers: set[int]) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(uri))
        self._rpc, self._events = self._connection.channel(), self._connection.channel()
        self._events.confirm_delivery()
        self._heard = 0
        for queue, hear in (("floor-requests", self._answer), ("floor-replies", self._hear)):
            self._rpc.queue_declare(queue, durable=True)
            self._rpc.basic_consume(queue, hear)
        for many in readers:
            self._events.exchange_declare(f"floor-{many}", "fanout", durable=True)
            for number in range(many):
                queue = f"floor-{many}-{number}"
                self._events.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
                self._events.queue_bind(queue, f"floor-{many}")
                self._events.basic_consume(queue, self._hear)

    def send(self, work: Work) -> None:
        for size, answered in work.requests:
            properties = pika.BasicProperties(delivery_mode=2, message_id=str(answered))
            self._rpc.basic_publish("", "floor-requests", b"x" * size, properties)
            self._wait(1)
        for size, readers in work.events:
            persistent = pika.BasicProperties(delivery_mode=2)
            self._events.basic_publish(f"floor-{readers}", "", b"x" * size, persistent, mandatory=True)
            self._wait(readers)

    def _answer(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        channel.basic_publish("", "floor-replies", b"x" * int(properties.message_id))
        channel.basic_ack(method.delivery_tag)

    def _hear(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        channel.basic_ack(method.delivery_tag)
        self._heard += 1

    def _wait(self, many: int) -> None:
        while self._heard < many:
            self._connection.process_data_events(time_limit=10)
        self._heard -= many


def cpu() -> dict[str, float]:
    """Seconds so far, by program; this one's are those of the drivers."""
    used = {"drivers": time.process_time()}
    for process in [*psutil.Process().children(recursive=True), *given_engine()]:
        name, times = program(process.cmdline()), process.cpu_times()
        used[name] = used.get(name, 0) + times.user + times.system
    return used


def measure(system: InProcessSystem, broker: str, work: Work, each: int) -> dict[str, float]:
    """CPU ms an operation, by program; `work` is of `each` operations."""
    messages = Messages(broker, {readers for _, readers in work.events})
    client: pymongo.MongoClient[Any] = pymongo.MongoClient(system.env["MONGO_URI"], retryWrites=False)
    runs = [varied(work.commands, number) for number in range(1, WARM + TIMES + 1)]
    with smtplib.SMTP("127.0.0.1", system.ports["smtp"]) as smtp:
        before: dict[str, float] = {}
        for number, commands in enumerate(runs):
            if number == WARM:
                before = cpu()
            send_commands(client, commands)
            messages.send(work)
            for _ in range(work.mails):
                smtp.sendmail("vinculo@empresa.example", "ana@padaria.example", MAIL)
        after = cpu()
    return {name: (after[name] - before.get(name, 0)) * 1000 / TIMES / each for name in after if name != "other"}


def works(system: InProcessSystem, recorder: Recorder) -> dict[str, tuple[Work, int]]:
    """By operation, as tests/bench/against.py does it; moving a stage there and back again."""
    ana, numbers = Client(system.url, "ana@padaria.example"), count()

    def register() -> dict[str, Any]:
        number = next(numbers)
        phone = {"number": f"11 9{80000000 + number}", "main": True}
        mail = {"address": f"pessoa{number}@exemplo.com.br", "main": True}
        return ana.register(f"Pessoa Alves Barros {number}", emails=[mail], phones=[phone])

    def move() -> None:
        for stage in stages[:2]:
            ana.put(f"/v1/opportunities/{made['id']}/stage", {"stage_id": stage["id"]})

    person = register()["id"]
    system.run("-m", "deploy.operations", "user", "create", "--login", "carla@padaria.example", "--name", "Carla",
               "--company", "padaria", "--role", "admin")  # fmt: skip
    for one in (ana, Client(system.url, "carla@padaria.example")):
        one.put(f"/v1/persons/{person}/watchers/me", {"own_actions": True})
    attendance = ana.post(f"/v1/persons/{person}/attendances", {"subject": "Conversa"})["id"]
    made = ana.post(f"/v1/persons/{person}/opportunities", {"subject": "Forno"})
    stages = ana.get("/v1/stages")["items"]

    def entry() -> None:
        ana.post(f"/v1/attendances/{attendance}/entries", {"text": "Ligou."})

    found = {}
    for name, operation, mails, each in (
        ("entry to two mails", entry, MAILS, 1), ("registration", register, 0, 1), ("moving a stage", move, 0, 2),
    ):  # fmt: skip
        for _ in range(3):
            operation()
        found[name] = recorded(system, recorder, operation, mails), each
    return found


def section(figures: Mapping[str, Mapping[str, float]], found: Mapping[str, tuple[Work, int]]) -> str:
    lines = [f"## floor: {page.engine()}", "", f"{dt.datetime.now(dt.UTC).date()}, {os.cpu_count()} cores, load "
             f"{os.getloadavg()[0]:.1f} at the end. CPU ms an operation; the base's are of the section against it.",
             "", "| operation | commands | messages | engine | broker | mailbox | drivers | all | **of the base's** |",
             "|---|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for name, used in figures.items():
        work, each = found[name]
        commands = sum("commitTransaction" not in command for _, command in work.commands) / each
        sent = (2 * len(work.requests) + sum(readers for _, readers in work.events)) / each
        parts = " | ".join(f"{used.get(one, 0):.1f}" for one in ("database", "broker", "mailbox", "drivers"))
        whole, base = sum(used.values()), base_of(name)
        lines.append(f"| {name} | {commands:g} | {sent:g} | {parts} | {whole:.1f} | **{whole / base:.2f}** |")
    return "\n".join([*lines, ""])


def base_of(operation: str) -> float:
    """The base's CPU ms of the last run of tests/bench/against.py on this engine; nan where there is none."""
    for _, engine, text in BASE.findall(page.PAGE.read_text()):
        row = re.search(rf"^\| {re.escape(operation)} \| ([\d.]+) \|", text, re.MULTILINE)
        if engine == page.engine() and row:
            return float(row[1])
    return float("nan")


def main() -> None:
    recorder, system = Recorder(), InProcessSystem()
    try:
        with listening(recorder):
            system.start()
        found = works(system, recorder)
        system._stopping.set()  # nobody looks for work any more
        system._looking.join()
        broker = system.broker.start()
        system.start_mailbox()
        time.sleep(3)
        figures = {name: measure(system, broker, *one) for name, one in found.items()}
    finally:
        for process in system.processes.values():
            process.stop()
        system.broker.stop()
        system.stop()
    text = section(figures, found)
    page.write(f"floor: {page.engine()}", text)
    print(text)


if __name__ == "__main__":
    main()
