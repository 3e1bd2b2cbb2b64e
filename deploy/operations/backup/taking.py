"""Making a backup: one moment of all databases, and what was on its way then, of all companies or of one."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bson
import click
from bson.raw_bson import RawBSONDocument

from deploy.operations.backup import in_flight
from deploy.operations.backup.archive import Writer
from deploy.operations.backup.records import Collection, Manifest, Message, Recorder
from deploy.operations.backup.snapshot import Snapshot, services, source
from services.chassis.access.context import INSTALLATION

# What belongs to the installation and is of a company: people's companies and users.
SHARED = ("companies", "users")


def take(path: Path, company: str | None, key: str | None, settled: float = in_flight.SETTLED_SECONDS) -> Manifest:
    """Writes the file whole or not at all. Raises Refused, ClickException, and what broker and database raise."""
    made = dt.datetime.now(dt.UTC).isoformat()
    writer = Writer(path, made, company, key)
    try:
        with in_flight.tapped() as (tap, send), source() as of:
            before = _before(settled)
            for _ in range(in_flight.TRIES):
                with of.snapshot() as reading:
                    if tap.quiet(reading.pin, send):
                        tap.close()
                        manifest = _recorded(Recorder(writer), reading, company, [*before, *tap.heard])
                        writer.finish()
                        return manifest
        raise click.ClickException("no moment without an event was found: too busy now, try again later")
    except BaseException:
        writer.abandon()
        raise


def _recorded(recorder: Recorder, reading: Snapshot, company: str | None, events: list[Message]) -> Manifest:
    dead = in_flight.waiting(in_flight.dead_queues())
    for service in services():
        for name in reading.names(service):
            recorder.begin(Collection(service, name))
            for document in documents(reading, service, name, company):
                recorder.document(document)
    for message in _once([*events, *dead]):
        if company in (None, company_of(message.body)):
            recorder.message(message)
    return recorder.end()


def _before(settled: float) -> list[Message]:
    """What was announced before the tap and lies in a queue still."""
    late = in_flight.behind(in_flight.event_queues())
    found = in_flight.waiting(late)
    time.sleep(settled)
    return found + in_flight.waiting(in_flight.retry_queues())


def documents(reading: Snapshot, service: str, name: str, company: str | None) -> Iterator[bytes]:
    """Of one company only its own; of what it shares with others (a user of several) its own part."""
    if company is None:
        yield from (bytes(one.raw) for one in reading.documents(service, name, {}))
        return
    yield from (bytes(one.raw) for one in reading.documents(service, name, {"company": company}))
    if service == "people" and name in SHARED:
        where = {"_id": company} if name == "companies" else {"finders": f"company:{company}"}
        for one in reading.documents(service, name, {"company": INSTALLATION, **where}):
            yield bytes(one.raw) if name == "companies" else bson.encode(own_part(one, company))


def own_part(user: RawBSONDocument, company: str) -> dict[str, Any]:
    """The user without what other companies are to them."""
    known = bson.decode(user.raw)
    finders = [one for one in known["finders"] if one.split(":")[1] == company]
    return {**known, "memberships": {company: known["memberships"][company]}, "finders": finders}


def _once(messages: list[Message]) -> list[Message]:
    """The tap and a retry queue may both have the same; a dead letter is another thing than its event."""
    return list({(one.exchange, one.routing_key, one.body): one for one in messages}.values())


def company_of(body: bytes) -> str | None:
    try:
        said = json.loads(body)["company"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return said if isinstance(said, str) else None
