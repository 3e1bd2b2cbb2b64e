"""How an event reaches its handler: in a transaction with the inbox, without one, or not at all if it is no concern."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import fields
from pymongo.errors import AutoReconnect, BulkWriteError

from services.chassis.access.context import SIGNATURE_HEADER
from services.chassis.clock import now
from services.chassis.handling.entrypoints import subscribe
from services.chassis.handling.session import Actor, Session
from services.chassis.handling.subscriptions import ReceivedEvent
from services.chassis.process.runtime import Runtime
from services.chassis.schemas import EventData
from services.chassis.storage.tenant import TenantCollection
from tests.support.fakes.memory import Memory
from tests.support.stack.wire_keys import WireKeys


class Heard(EventData):
    text = fields.String(required=True)


class Machine:
    """As much of a runtime as events need, on a database in memory; `transactions` counts them."""

    def __init__(self) -> None:
        keys = WireKeys()
        self._source = keys.ring("attendance")
        self.config = SimpleNamespace(keys=keys.ring("sales"), retry_delays=(1,), lease=1)
        self.memory = Memory(Session, ())
        self.database = SimpleNamespace(transact=self._transact)
        self.transactions = 0
        self.handed_over: list[str] = []
        self.retried: list[int] = []

    def _transact(self, work: Any, seconds: float, lane: str) -> Any:
        self.transactions += 1
        return work(None)

    def session_for(self, company: str, actor: Actor, cause: str, client_session: Any) -> Session:
        return Session(self.memory, actor, now(), cause, 1)  # type: ignore[arg-type]

    write = Runtime.write

    def hand_over(self, session: Session) -> None:
        self.handed_over += [one["_id"] for documents in session.pending.values() for one in documents]

    def retry(self, message: Any, body: bytes, delay: int, attempt: int) -> None:
        self.retried.append(delay)

    def hear(self, handler: Any, text: str, event_id: str = "e1") -> bool:
        envelope = {
            "id": event_id, "company": "c1", "aggregate": "a1", "sequence": 1, "actor": {"id": "u1", "name": "Ana"},
            "cause": "t", "at": "2026-07-01T12:00:00+00:00", "data": {"text": text},
        }  # fmt: skip
        body = json.dumps(envelope).encode()
        headers = {SIGNATURE_HEADER: self._source.sign(b"attendance.entry_recorded", body)}
        message = SimpleNamespace(body=body, headers=headers, content_type="application/json", origin_queue="q")
        return bool(handler(SimpleNamespace(runtime=self), message))


def handler(**options: Any) -> Any:
    """Queues a piece of work for each event, whose id is the event's."""

    @subscribe("attendance", "entry_recorded", takes=Heard, **options)
    def on_attendance_entry_recorded(tx: Session, event: ReceivedEvent) -> None:
        tx.enqueue("works", {"_id": event.id, "text": event.data["text"]})

    return on_attendance_entry_recorded


def test_an_event_that_is_no_concern_begins_no_transaction_and_is_not_kept() -> None:
    machine = Machine()
    asked = handler(concerns=lambda session, event: event.data["text"] == "meu")
    assert machine.hear(asked, "de outro")
    assert (machine.transactions, machine.memory.documents("inbox"), machine.handed_over) == (0, [], [])
    assert machine.hear(asked, "meu", "e2")
    assert (machine.transactions, machine.handed_over) == (1, ["e2"])
    assert machine.hear(asked, "meu", "e2")
    assert machine.handed_over == ["e2"]


def test_what_may_be_repeated_needs_no_transaction_and_no_inbox_and_is_handed_over_once() -> None:
    machine = Machine()
    repeatable = handler(once=False)
    for _ in range(2):
        assert machine.hear(repeatable, "x")
    assert (machine.transactions, machine.memory.documents("inbox")) == (0, [])
    assert machine.handed_over == ["e1"] == [one["_id"] for one in machine.memory.documents("works")]


def test_what_cannot_be_asked_about_is_tried_again() -> None:
    def concerns(session: Session, event: ReceivedEvent) -> bool:
        raise AutoReconnect("away")

    machine = Machine()
    assert machine.hear(handler(concerns=concerns), "x")
    assert (machine.transactions, machine.retried) == (0, [1])


class Refusing:
    """A collection whose engine refuses these of the documents."""

    name = "rows"

    def __init__(self, details: dict[str, Any]) -> None:
        self.details = {"writeErrors": [], "writeConcernErrors": [], **details}

    def insert_many(self, documents: list[Any], ordered: bool, session: Any) -> None:
        assert not ordered
        raise BulkWriteError(self.details)


def inserted(**details: Any) -> list[str]:
    rows = TenantCollection(Refusing(details), "c1", None)  # type: ignore[arg-type]
    return [one["_id"] for one in rows.insert_new([{"_id": "a"}, {"_id": "b"}, {"_id": "c"}])]


def test_of_documents_that_are_there_already_only_the_new_ones_are_answered() -> None:
    assert inserted(writeErrors=[{"index": 1, "code": 11000}]) == ["a", "c"]


@pytest.mark.parametrize(
    "details",
    [
        {"writeErrors": [{"index": 0, "code": 11000}, {"index": 1, "code": 121}]},
        {"writeErrors": [{"index": 0, "code": 11000}], "writeConcernErrors": [{"code": 64}]},
    ],
)
def test_any_other_refusal_of_the_engine_is_raised(details: dict[str, Any]) -> None:
    with pytest.raises(BulkWriteError):
        inserted(**details)
