"""Leased work that always fails: the others go on, it is tried a few times, parked, counted, and retried by hand."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from unittest.mock import MagicMock

import pytest
from eventlet import sleep
from prometheus_client import REGISTRY
from pymongo.errors import ServerSelectionTimeoutError

from deploy.local.database import Database as Engine
from deploy.topology import SERVICES
from services.chassis.errors import Conflict, Unavailable
from services.chassis.jobs import leased, parking
from services.chassis.jobs.leased import Job, LeasedWork
from services.chassis.messaging import outbox
from services.chassis.process.service import Service
from services.chassis.replicas import redirects
from services.chassis.storage.database import Database
from services.chassis.storage.rows import Document

KINDS = [
    (service.name, collection)
    for service in SERVICES
    for collection in (outbox.COLLECTION, redirects.COLLECTION, *service.jobs)
]
DELAYS = (0.0, 0.0, 0.0)


class Bench:
    """One kind of work, driven by hand: `fails` says what a row's handling raises."""

    def __init__(self, database: Database, collection: str, delays: tuple[float, ...] = DELAYS) -> None:
        self.database, self.rows = database, database.collection(collection)
        self.collection = collection
        self.done: list[str] = []
        self.fails: dict[str, Exception] = {}
        job = Job(self._handle, 5.0, row_is_work=collection == outbox.COLLECTION)
        self.work = LeasedWork(database, collection, job, 10.0, delays)

    def _handle(self, document: Document) -> None:
        if document["_id"] in self.fails:
            raise self.fails[document["_id"]]
        assert not any(name.startswith("_") for name in document if name != "_id")
        self.rows.update_one({"_id": document["_id"]}, {"$unset": {"next_at": ""}})
        self.done.append(document["_id"])

    def due(self, *ids: str) -> None:
        past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
        self.rows.insert_many([{"_id": one, "company": "c1", "next_at": past} for one in ids])

    def turn(self) -> None:
        """One sweep, and what it found."""
        self.work._claim_due()
        while self.work._owned.qsize():
            self.work._run_one(self.work._owned.get())

    def row(self, id: str) -> Document:
        found = self.rows.find_one({"_id": id})
        assert found is not None
        return found

    def parked(self) -> list[Document]:
        return [one for one in parking.list_parked(self.database, 100) if one["work"] == self.collection]


@pytest.fixture
def bench(database: Engine, request: pytest.FixtureRequest) -> Iterator[Callable[..., Bench]]:
    opened: list[Database] = []

    def make(service: str, collection: str, delays: tuple[float, ...] = DELAYS) -> Bench:
        name = f"parked_{abs(hash(request.node.name)) % 10**8}_{service}"
        opened.append(Database(database.uri, name))
        return Bench(opened[-1], collection, delays)

    yield make
    for one in opened:
        one.client.drop_database(one._database.name)
        one.close()


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize(("service", "collection"), KINDS)
def test_work_that_always_fails_is_parked_seen_and_retried_by_hand_while_the_others_go_on(
    bench: Callable[..., Bench], service: str, collection: str
) -> None:
    kind = bench(service, collection)
    before = counted("vinculo_work_given_up_total", collection=collection)
    kind.fails["bad"] = Conflict("always_refused", "José da Silva, CPF 123")
    kind.due("bad", *(f"good{number}" for number in range(5)))
    kind.turn()
    assert len(kind.done) == 5
    for _ in range(10):
        kind.turn()
    (pointer,) = kind.parked()
    assert (pointer["row"], pointer["tries"], pointer["error"]) == ("bad", len(DELAYS) + 1, "always_refused")
    assert "José" not in str(pointer) + str(kind.row("bad"))
    assert "next_at" not in kind.row("bad")
    assert counted("vinculo_work_given_up_total", collection=collection) == before + 1
    assert counted("vinculo_work_parked", collection=collection) == 1
    kind.due("later")
    kind.turn()
    assert kind.done[-1] == "later"
    kind.fails.clear()
    assert parking.requeue(kind.database, pointer)
    kind.turn()
    assert kind.done[-1] == "bad"
    assert kind.parked() == []
    assert parking.NOTE not in kind.row("bad")


class ProcessEnds(BaseException):
    """As a kill would: nothing of ours runs after it."""


def test_work_that_ends_the_process_each_time_is_parked_and_what_merely_waited_long_is_not(
    bench: Callable[..., Bench],
) -> None:
    kind = bench("people", "imports")
    past = {"$set": {"next_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}}

    def handle(document: Document) -> None:
        if document["_id"] == "deadly":
            raise ProcessEnds
        raise Unavailable("broker_unavailable")

    kind.work._job = Job(handle, 5.0)
    kind.due("deadly", "waits")
    for _ in range(parking.SUSPECTED + parking.MOST_BEGUN + 1):
        assert kind.parked() == []
        kind.work._claim_due()
        while kind.work._owned.qsize():
            with contextlib.suppress(ProcessEnds):
                kind.work._run_one(kind.work._owned.get())
        kind.rows.update_many({"next_at": {"$ne": None}}, past)
    assert [(one["row"], one["error"]) for one in kind.parked()] == [("deadly", "process_ended")]
    kind.work._job = Job(kind._handle, 5.0)
    kind.turn()
    assert kind.done == ["waits"]
    assert kind.row("waits").get(parking.CLAIMS, 0) <= 1
    assert parking.requeue(kind.database, kind.parked()[0])
    kind.turn()
    assert kind.done == ["waits", "deadly"]


def test_the_line_of_a_process_is_bounded_and_what_was_left_out_is_found_later(
    bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leased, "OWNED_LIMIT", 3)
    kind = bench("people", "outbox")
    kind.due(*(f"row{number}" for number in range(8)))
    for _ in range(5):
        kind.work._claim_due()
        kind.work.accept(kind.row("row0"))
        assert kind.work._owned.qsize() == 3
    for _ in range(4):
        kind.turn()
    assert sorted(kind.done) == [f"row{number}" for number in range(8)]


@pytest.mark.parametrize(
    "error", [Unavailable("broker_unavailable"), ServerSelectionTimeoutError("away")], ids=["broker", "database"]
)
def test_trouble_of_broker_or_database_is_not_counted(bench: Callable[..., Bench], error: Exception) -> None:
    kind = bench("people", "outbox")
    kind.fails["one"] = error
    kind.due("one")
    for _ in range(10):
        kind.turn()
        kind.rows.update_one({"_id": "one"}, {"$set": {"next_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}})
    assert kind.parked() == []
    assert parking.NOTE not in kind.row("one")
    kind.fails.clear()
    kind.turn()
    assert kind.done == ["one"]


def test_each_try_waits_longer_and_a_success_forgets_the_failures(bench: Callable[..., Bench]) -> None:
    kind = bench("people", "outbox", (30.0, 300.0))
    kind.fails["one"] = KeyError("x")
    kind.due("one")
    waits = []
    for _ in range(2):
        kind.turn()
        row = kind.row("one")
        waits.append((row["next_at"] - dt.datetime.now(dt.UTC)).total_seconds())
        kind.rows.update_one({"_id": "one"}, {"$set": {"next_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}})
    assert [round(wait, -1) for wait in waits] == [30, 300]
    assert row[parking.NOTE]["error"] == "KeyError"
    kind.fails.clear()
    kind.turn()
    assert parking.NOTE not in kind.row("one")


def test_what_was_put_off_meanwhile_is_not_made_due_sooner(bench: Callable[..., Bench]) -> None:
    kind = bench("attendance", "uploads", (1.0, 1.0))
    tomorrow = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=1)

    class Meanwhile(Exception):
        pass

    def handle(document: Document) -> None:
        kind.rows.update_one({"_id": document["_id"]}, {"$set": {"next_at": tomorrow}})
        raise Meanwhile

    kind.work._job = Job(handle, 5.0)
    kind.due("one")
    kind.turn()
    assert kind.row("one")["next_at"] == tomorrow


def test_work_that_ended_itself_or_gave_up_is_parked_at_once_and_may_be_dropped(bench: Callable[..., Bench]) -> None:
    kind = bench("notifications", "deliveries")

    def handle(document: Document) -> None:
        kind.rows.update_one({"_id": document["_id"]}, {"$unset": {"next_at": ""}})
        raise parking.GiveUp("delivery_dead")

    kind.work._job = Job(handle, 5.0)
    kind.due("one")
    kind.turn()
    (pointer,) = kind.parked()
    assert (pointer["error"], pointer["tries"]) == ("delivery_dead", 1)
    parking.drop(kind.database, pointer)
    assert kind.parked() == []
    assert kind.row("one")["company"] == "c1"


def test_work_that_never_ends_is_broken_off_at_its_deadline_and_counted(bench: Callable[..., Bench]) -> None:
    kind = bench("people", "imports", ())

    def handle(document: Document) -> None:
        sleep(60)

    kind.work._job, kind.work.deadline = Job(handle, 0.05), 0.05
    kind.due("endless")
    kind.turn()
    assert [one["error"] for one in kind.parked()] == ["DeadlinePassed"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_job_has_a_deadline_and_a_lease_that_outlives_it(
    service: type[Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VINCULO_NFE_URL", "http://127.0.0.1:1")

    class Runtime:
        database = Database("mongodb://127.0.0.1:1/", "none")
        config = MagicMock(lease=10.0)

    for collection, make in service.jobs.items():
        job = make(Runtime())
        for lease in (1.0, 10.0, 500.0):
            work = LeasedWork(Runtime.database, collection, job, lease, DELAYS)
            assert 0 < work.deadline < work.lease
    relay = outbox.Relay(MagicMock(confirm_timeout=30.0, lease=1.0), Runtime.database, MagicMock())
    assert 2 * 30.0 < relay.work.deadline < relay.work.lease
    with pytest.raises(ValueError, match="deadline"):
        LeasedWork(Runtime.database, "x", Job(lambda _: None, 0), 10.0, DELAYS)
    Runtime.database.close()


def test_an_erasure_takes_the_parked_announcements_of_its_records(bench: Callable[..., Bench]) -> None:
    kind = bench("people", "outbox", ())
    kind.fails = {one: KeyError("x") for one in ("hers", "another's", "another company's")}
    kind.due(*kind.fails)
    kind.rows.update_one({"_id": "hers"}, {"$set": {"envelope": '{"aggregate": "p1", "data": {"name": "Ana"}}'}})
    kind.rows.update_one({"_id": "another's"}, {"$set": {"envelope": '{"aggregate": "p2"}'}})
    kind.rows.update_one({"_id": "another company's"}, {"$set": {"envelope": '"p1"', "company": "c2"}})
    kind.turn()
    assert parking.forget_events(kind.database, "c1", {"p1", "p9"}) == 1
    assert {one["row"] for one in kind.parked()} == {"another's", "another company's"}
    assert kind.rows.find_one({"_id": "hers"}) is None
