"""A service for chaos tests: writes notes, naps, hears its own event and fails as the event asks.

Run by `python -m services.chassis.process.runner tests.support.fakes.chaos_probe:Probe`. PROBE_LOG names a file that
gets a line for each start of a method (a start is no effect: effects are documents). VINCULO_FAILPOINT:
support/stack/failpoints.py.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

import eventlet
from marshmallow import fields

from services.chassis.errors import ConcurrentUpdate, NotReplicatedYet
from services.chassis.handling.entrypoints import command, query, subscribe
from services.chassis.handling.session import Session, repository
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.process.service import Service
from services.chassis.schemas import Event, EventData, Result, Strict
from services.chassis.storage.indexes import Index
from tests.support.stack.failpoints import FailingRuntime, fail_here


class Note(Strict):
    """`event_*` are for the handler: how long it sleeps, how often it fails (-1: always)."""

    text = fields.String(required=True)
    seconds = fields.Float(load_default=0)
    event_seconds = fields.Float(load_default=0)
    event_failures = fields.Integer(load_default=0)
    raw = fields.Raw(load_default=None, allow_none=True)


class Noted(EventData):
    text = fields.String(required=True)
    seconds = fields.Float(load_default=0)
    failures = fields.Integer(load_default=0)


class NoteResult(Result):
    id = fields.String()
    text = fields.String()
    raw_type = fields.String()
    raw = fields.Raw()


class Nap(Strict):
    text = fields.String(load_default="nap")
    seconds = fields.Float(required=True)


class Rested(Result):
    seconds = fields.Float()


class Babble(Result):
    value = fields.Raw()


NOTED = Event("probe", "noted", Noted)


def record(what: str, text: str) -> None:
    """One line, written at once: many processes share the file."""
    line = json.dumps({"what": what, "text": text, "at": time.time(), "pid": os.getpid()}) + "\n"
    descriptor = os.open(os.environ["PROBE_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, line.encode())
    os.close(descriptor)


def starts_of(what: str, text: str) -> int:
    with open(os.environ["PROBE_LOG"]) as log:
        return sum((row["what"], row["text"]) == (what, text) for row in map(json.loads, log))


class ProbeSession(Session):
    notes = repository(lambda session: session.collection("notes"))
    heard = repository(lambda session: session.collection("heard"))


@command(takes=Note, gives=NoteResult, needs="probe.write")
def note(tx: ProbeSession, data: dict[str, Any]) -> dict[str, Any]:
    record("note", data["text"])
    eventlet.sleep(data["seconds"])
    note = {"_id": tx.new_id(), "text": data["text"], "raw": data["raw"]}
    tx.notes.insert(note)
    tx.publish(
        NOTED, note["_id"], 1,
        text=data["text"], seconds=data["event_seconds"], failures=data["event_failures"],
    )  # fmt: skip
    fail_here("before_commit")
    return {"id": note["_id"], "text": note["text"], "raw": data["raw"], "raw_type": type(data["raw"]).__name__}


@command(takes=Nap, gives=Rested, needs="probe.write")
def stumble(tx: ProbeSession, data: dict[str, Any]) -> dict[str, Any]:
    """Takes its input apart, and is overtaken the first time."""
    text, seconds = data.pop("text"), data.pop("seconds")
    record("stumble", text)
    if starts_of("stumble", text) == 1:
        raise ConcurrentUpdate("version_changed")
    return {"seconds": seconds}


@query(takes=Nap, gives=Rested, needs="probe.read")
def nap(session: ProbeSession, data: dict[str, Any]) -> dict[str, Any]:
    record("nap", data["text"])
    eventlet.sleep(data["seconds"])
    return {"seconds": data["seconds"]}


@query(takes=Nap, gives=Babble, needs="probe.read")
def babble(session: ProbeSession, data: dict[str, Any]) -> dict[str, Any]:
    """Answers what is no JSON, past its schema."""
    return {"value": session.now}


@query(takes=Nap, gives=Rested, needs="probe.read")
def miss(session: ProbeSession, data: dict[str, Any]) -> dict[str, Any]:
    """Asks for the copy of a record, by the id `text`, that never comes."""
    record("miss", data["text"])
    raise NotReplicatedYet("person_not_found", awaited=data["text"])


@subscribe("probe", "noted", takes=Noted)
def on_probe_noted(tx: ProbeSession, event: ReceivedEvent) -> None:
    text, failures = event.data["text"], event.data["failures"]
    record("heard", text)
    if failures < 0 or starts_of("heard", text) <= failures:
        raise RuntimeError("asked to fail")
    eventlet.sleep(event.data["seconds"])
    tx.heard.insert({"_id": tx.new_id(), "text": text, "event": event.id})


class Probe(Service):
    name = "probe"
    session = ProbeSession
    indexes = (Index("notes", [("text", 1)]), Index("heard", [("text", 1)]))
    runtime = FailingRuntime()

    note = note
    nap = nap
    stumble = stumble
    babble = babble
    miss = miss
    on_probe_noted = on_probe_noted
