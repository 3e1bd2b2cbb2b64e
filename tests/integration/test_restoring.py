"""A restore that was broken off is run again: what its first try wrote and published is no hindrance, and goes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pika
import pymongo
import pytest

from deploy.operations.backup.archive import Header, Refused
from deploy.operations.backup.restoring import Target
from deploy.operations.looking import half_restored
from tests.chaos.rig import Rig
from tests.support.stack.bus import Bus

MADE = "2026-01-02T03:04:05+00:00"
HEARD, DEAD = "evt-people-person_changed--sales.on_people_person_changed", "dead.sales"


@pytest.fixture
def target(rig: Rig, bus: Bus, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    """An empty installation on the rig's broker, none of whose services runs."""
    for name in ("MONGO_URI", "AMQP_URI"):
        monkeypatch.setenv(name, rig.env[name])
    monkeypatch.setenv("VINCULO_RETRY_DELAYS", rig.env["VINCULO_RETRY_DELAYS"])
    monkeypatch.setenv("VINCULO_DATABASE_PREFIX", f"r{secrets.token_hex(4)}_")
    client: pymongo.MongoClient[Any]
    with pymongo.MongoClient(rig.env["MONGO_URI"]) as client:
        yield Target(client)
    for queue in (HEARD, DEAD):
        bus.take_all(queue)


def test_what_its_first_try_left_is_cleared_and_not_refused(rig: Rig, bus: Bus, target: Target) -> None:
    for queue in (HEARD, DEAD):
        bus.publish("", queue, b"{}", pika.BasicProperties())
    with pytest.raises(Refused, match="messages wait"):
        target.refuse_unless_empty(MADE)
    target.begin(Header(MADE, None))
    with pytest.raises(Refused, match="messages wait"):
        target.refuse_unless_empty("of another backup")
    target.refuse_unless_empty(MADE)
    target.clear(None)
    assert (rig.depth(HEARD), rig.depth(DEAD)) == (0, 0)
    target.end(None)
    assert not half_restored()


def test_of_two_companies_half_restored_the_one_that_ends_hides_not_the_other(target: Target) -> None:
    for company in ("c1", "c2"):
        target.begin(Header(MADE, company))
    target.end("c1")
    assert half_restored()
    target.end("c2")
    assert not half_restored()
