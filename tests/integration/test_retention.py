"""What grows has an end: rows by their age, texts before their row, dead letters by their age and number, counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest
from kombu import Queue
from prometheus_client import REGISTRY

from deploy.local.database import Database as Engine
from deploy.topology import SERVICES
from services.chassis.jobs import parking, retention
from services.chassis.jobs.retention import Retention
from services.chassis.messaging import topology
from services.chassis.messaging.publisher import Publisher
from services.chassis.process.housekeeping import Housekeeper
from services.chassis.process.service import Service
from services.chassis.storage.database import Database
from tests.chaos.rig import Rig
from tests.support.stack.bus import Bus

NOW = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
ALL = [(service, one) for service in SERVICES for one in service.retentions]


@pytest.fixture
def kept(database: Engine) -> Iterator[Database]:
    found = Database(database.uri, "retention_of_a_test")
    yield found
    found.client.drop_database("retention_of_a_test")
    found.close()


def test_what_the_issue_of_growth_named_has_an_end() -> None:
    ends = {(one.collection, bool(one.clears)) for _, one in ALL}
    assert {
        ("deliveries", True), ("deliveries", False), ("access_audit", False), ("import_reports", False),
        ("imports", False), ("import_parts", False), ("enclosures", False), ("looks", False), ("exports", False),
    } <= ends  # fmt: skip


@pytest.mark.parametrize(("service", "one"), [(s, one) for s, one in ALL if not one.clears])
def test_rows_expire_by_an_index_of_the_days_that_are_set_and_that_may_change(
    kept: Database, service: type[Service], one: Retention
) -> None:
    for days in (one.days, 7):
        kept.ensure_indexes(retention.indexes(service.retentions, {one.setting: days}))
        found = kept.collection(one.collection).index_information().values()
        (index,) = [index for index in found if list(index["key"]) == [(one.at, 1)]]
        assert index["expireAfterSeconds"] == days * 86_400


@pytest.mark.parametrize(("service", "one"), [(s, one) for s, one in ALL if one.clears])
def test_texts_go_after_their_days_in_pages_while_pending_and_younger_rows_keep_theirs(
    kept: Database, service: type[Service], one: Retention, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PAGE", 2)
    rows = kept.collection(one.collection)
    texts = dict.fromkeys(one.clears, "José da Silva")
    old, young = NOW - dt.timedelta(days=10, seconds=1), NOW - dt.timedelta(days=10) + dt.timedelta(seconds=1)
    rows.insert_many([{"_id": f"old{n}", one.at: old, "status": "sent", **texts} for n in range(5)])
    rows.insert_one({"_id": "young", one.at: young, **texts})
    rows.insert_one({"_id": "pending", one.at: old, "next_at": NOW, **texts})
    pointer = parking.pointer_id(one.collection, "old3")
    kept.collection(parking.PARKED).insert_one(
        {"_id": pointer, "work": one.collection, "row": "old3", "parked_at": NOW}
    )
    days = {one.setting: 10}
    assert retention.clear(kept, service.retentions, days, NOW) == 5
    assert retention.clear(kept, service.retentions, days, NOW) == 0
    for row in rows.find():
        held = {name: row[name] for name in one.clears}
        assert held == (dict(one.clears) if row["_id"].startswith("old") else texts), row
    assert rows.find_one({"_id": "old3"})["status"] == "sent"  # type: ignore[index]
    assert parking.list_parked(kept, 10) == []


def test_a_dead_letter_queue_keeps_the_newest_and_is_counted(rig: Rig, bus: Bus) -> None:
    queue = topology.dead_queue("bounded", 90, 3)
    topology.declare(rig.broker.uri, [], [queue])
    publisher = Publisher(rig.broker.uri, 5.0)
    for number in range(5):
        publisher.publish("", queue.name, str(number).encode(), {})
    service = type("S", (), {"name": "bounded"})
    runtime = SimpleNamespace(
        publisher=publisher, service_class=service, jobs={}, config=SimpleNamespace(retry_delays=())
    )
    with eventlet.Timeout(20):
        while REGISTRY.get_sample_value("vinculo_dead_letters") != 3:
            Housekeeper(runtime).count()
            eventlet.sleep(0.05)
    assert [body for _, body in bus.take_all(queue.name)] == [b"2", b"3", b"4"]
    publisher.close()
    bus.do(partial(_delete, name=queue.name))


def test_a_dead_letter_goes_after_its_time(rig: Rig, bus: Bus) -> None:
    soon = topology.dead_queue("passing")
    soon = Queue(soon.name, durable=True, queue_arguments={**soon.queue_arguments, "x-message-ttl": 100})
    topology.declare(rig.broker.uri, [], [soon])
    publisher = Publisher(rig.broker.uri, 5.0)
    publisher.publish("", soon.name, b"{}", {})
    with eventlet.Timeout(20):
        while publisher.depth(soon.name):
            eventlet.sleep(0.05)
    publisher.close()
    bus.do(partial(_delete, name=soon.name))


def test_other_bounds_make_an_empty_dead_letter_queue_anew_and_lose_no_message(rig: Rig, bus: Bus) -> None:
    before = Queue("dead.changed", durable=True, queue_arguments=dict(topology.QUORUM))
    topology.declare(rig.broker.uri, [], [before])
    publisher = Publisher(rig.broker.uri, 5.0)
    publisher.publish("", "dead.changed", b"{}", {})
    after = topology.dead_queue("changed")
    with eventlet.Timeout(20):
        while publisher.depth("dead.changed") != 1:
            eventlet.sleep(0.05)
    with pytest.raises(topology.QueueNotEmpty, match="1 messages"):
        topology.declare(rig.broker.uri, [], [after])
    assert bus.take_all("dead.changed")
    topology.declare(rig.broker.uri, [], [after])
    topology.declare(rig.broker.uri, [], [after])
    publisher.close()
    bus.do(partial(_delete, name="dead.changed"))


def _delete(channel: Any, name: str) -> None:
    channel.queue_delete(name)
