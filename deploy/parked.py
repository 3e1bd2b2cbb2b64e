"""What was given up, of one service or of all: `python -m deploy.parked COMMAND ...`; `--help` lists them.

Parked work (parking.py) and the messages of `dead.<service>` (docs/dead-letters.md) are listed, shown, requeued and
dropped alike. Needs MONGO_URI and AMQP_URI. Values are shown with `--values` only: they may hold personal data.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from services.catalogue import SERVICES
from services.chassis.errors import Failure
from services.chassis.jobs import parking
from services.chassis.messaging.dead_letters import Dead, DeadLetters, looked_at
from services.chassis.messaging.publisher import Publisher
from services.chassis.storage.database import Database
from services.chassis.storage.rows import Document

MOST = 10_000
CONFIRM_SECONDS = 5.0


class Parked:
    """All that one service gave up."""

    def __init__(self, service: str, database: Database, letters: DeadLetters) -> None:
        self._service = service
        self._database = database
        self._letters = letters

    def jobs(self, wanted: str | None) -> list[Document]:
        found = parking.listed(self._database, MOST)
        return [one for one in found if wanted in (None, one["_id"], one["work"])]

    def messages(self, wanted: str | None) -> list[Dead]:
        return [one for one in self._letters.found if wanted in (None, one.id, one.queue, "message")]

    def lines(self, wanted: str | None) -> Iterator[str]:
        for work in self.jobs(wanted):
            yield _line(self._service, work["_id"], work["tries"], work["error"], work["parked_at"], work["work"])
        for one in self.messages(wanted):
            since = dt.datetime.fromtimestamp(one.since, dt.UTC) if one.since else None
            yield _line(self._service, one.id, one.tries, one.reason, since, one.queue)

    def shown(self, wanted: str, values: bool) -> Iterator[str]:
        for work in self.jobs(wanted):
            row = parking.row_of(self._database, work)
            yield json.dumps({**work, "fields": sorted(row or {}), **({"values": row} if values else {})}, default=str)
        for one in self.messages(wanted):
            told = {"_id": one.id, "queue": one.queue, "reason": one.reason, "tries": one.tries, "fields": one.fields}
            yield json.dumps({**told, **({"values": one.body.decode(errors="replace")} if values else {})})

    def requeued(self, wanted: str | None) -> Iterator[str]:
        for work in self.jobs(wanted):
            yield f"{work['_id']}\t{'requeued' if parking.requeue(self._database, work) else 'gone'}"
        for one in self.messages(wanted):
            yield f"{one.id}\t{'requeued' if self._letters.requeue(one) else 'kept: a request'}"

    def dropped(self, wanted: str) -> Iterator[str]:
        for work in self.jobs(wanted):
            parking.drop(self._database, work)
            yield f"{work['_id']}\tdropped"
        for one in self.messages(wanted):
            self._letters.drop(one)
            yield f"{one.id}\tdropped"


def _line(service: str, name: str, tries: int, error: str, since: Any, kind: str) -> str:
    return "\t".join((service, name, kind, str(tries), error, since.isoformat() if since else "?"))


@contextmanager
def parked_of(service: str) -> Iterator[Parked]:
    mongo_uri = os.environ.get("MONGO_URI") or sys.exit("MONGO_URI is not set")
    amqp_uri = os.environ.get("AMQP_URI") or sys.exit("AMQP_URI is not set")
    database = Database(mongo_uri, os.environ.get("VINCULO_DATABASE_PREFIX", "vinculo_") + service)
    publisher = Publisher(amqp_uri, CONFIRM_SECONDS, 1)
    try:
        with looked_at(amqp_uri, publisher, service) as letters:
            yield Parked(service, database, letters)
    finally:
        publisher.close()
        database.close()


def run(command: str, services: list[str], wanted: str | None, values: bool) -> list[str]:
    """The lines that tell what was found or done."""
    lines: list[str] = []
    for service in services:
        with parked_of(service) as parked:
            if command == "list":
                lines += parked.lines(wanted)
            elif command == "requeue":
                lines += parked.requeued(wanted)
            elif command == "show":
                lines += parked.shown(wanted or "", values)
            else:
                lines += parked.dropped(wanted or "")
    return lines


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.parked", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, told in (
        ("list", "service, id, kind or queue, tries, error, since"),
        ("show", "one, or all of a kind, as JSON"),
        ("requeue", "due again at once, with all its tries"),
        ("drop", "never tried again"),
    ):
        command = commands.add_parser(name, help=told)
        command.add_argument("--service", choices=SERVICES, help="all of them, unless one is named")
        group = command.add_mutually_exclusive_group(required=name != "list")
        group.add_argument("--id", dest="wanted")
        group.add_argument("--kind", dest="wanted", help="a collection, a queue, or: message")
        if name == "requeue":
            group.add_argument("--all", action="store_true")
        if name == "show":
            command.add_argument("--values", action="store_true", help="they may hold personal data")
    return parser


def main() -> None:
    options = _parser().parse_args()
    services = [options.service] if options.service else list(SERVICES)
    try:
        for line in run(options.command, services, options.wanted, getattr(options, "values", False)):
            print(line)
    except Failure as refusal:
        sys.exit(f"{refusal.code}: {refusal.detail}")


if __name__ == "__main__":
    main()
