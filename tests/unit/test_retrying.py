"""Waiting for copies: only for what can be on its way, half a second at most, and never by all workers."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import eventlet
import pytest

from services.chassis import ids
from services.chassis.errors import ConcurrentUpdate, NotFound, NotReplicatedYet
from services.chassis.handling.retrying import CONFLICT_WAITS, REPLICATION_WAITS, Retrier
from services.sales.opportunities.model import conversation_id

LATER = time.time() + 3_600


def made(seconds_ago: float) -> str:
    """An id of that age."""
    return f"{int((time.time() - seconds_ago) * 1000):012x}{ids.new_id()[12:]}"


def missing(record_id: str | None) -> Callable[[], Any]:
    def work() -> Any:
        raise NotReplicatedYet("person_not_found", awaited=record_id)

    return work


def waits_for(work: Callable[[], Any], deadline: float = LATER) -> list[float]:
    waits: list[float] = []
    with pytest.raises((NotFound, ConcurrentUpdate)):
        Retrier(20, waits.append).run(work, deadline)
    return waits


def test_ids_are_version_7_unlike_and_ordered_by_time() -> None:
    many = [ids.new_id() for _ in range(1_000)]
    assert len(set(many)) == 1_000
    parsed = uuid.UUID(many[0])
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert [one[:12] for one in many] == sorted(one[:12] for one in many)
    assert 0 <= (ids.age(many[-1]) or 0) < 1


def test_the_copy_of_a_record_made_now_is_waited_for_half_a_second() -> None:
    assert 0.4 < sum(waits_for(missing(ids.new_id()))) <= 0.5 + 1e-9


@pytest.mark.parametrize(
    "invented",
    [uuid.uuid4().hex, uuid.uuid5(uuid.NAMESPACE_OID, "x").hex, "", "x", "f" * 64, "0" * 32, made(3600), made(-3600),
     ids.new_id().upper().replace("7", "A"), ids.new_id() + "0", "é" * 32],
    ids=["random", "hashed", "empty", "letter", "largest", "nil", "of-long-ago", "of-the-future", "other-version",
         "too-long", "not-ascii"],
)  # fmt: skip
def test_what_cannot_be_on_its_way_is_refused_at_once(invented: str) -> None:
    assert waits_for(missing(invented)) == []


def test_no_wait_goes_beyond_the_callers_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    assert waits_for(missing(ids.new_id()), now + 0.03) == [0.02]


def test_an_overtaken_writer_keeps_all_its_tries() -> None:
    def overtaken() -> Any:
        raise ConcurrentUpdate("version_changed")

    assert waits_for(overtaken) == list(CONFLICT_WAITS)


def test_what_arrives_meanwhile_is_answered() -> None:
    tries: list[None] = []

    def work() -> str:
        tries.append(None)
        if len(tries) < 3:
            raise NotReplicatedYet("person_not_found", awaited=ids.new_id())
        return "here"

    assert Retrier(20, lambda _: None).run(work, LATER) == "here"


def test_a_quarter_of_the_workers_may_wait_and_the_others_are_refused_at_once() -> None:
    waiting: list[Any] = []

    def wait(_: float) -> None:
        """The others come to their turns."""
        waiting.append(eventlet.getcurrent())
        eventlet.sleep(0)

    retrier, pool = Retrier(20, wait), eventlet.GreenPool(100)

    def ask() -> None:
        with pytest.raises(NotFound):
            retrier.run(missing(ids.new_id()), LATER)

    for _ in range(100):
        pool.spawn(ask)
    pool.waitall()
    assert len({*waiting}) == 5
    assert len(waiting) == 5 * len(REPLICATION_WAITS)
    assert retrier._free_places == 5


def test_the_conversation_of_an_opportunity_bears_its_time_and_stays_the_same() -> None:
    opportunity = ids.new_id()
    conversation = conversation_id("c1", opportunity)
    assert conversation == conversation_id("c1", opportunity) != conversation_id("c2", opportunity)
    assert ids.age(conversation) is not None
    assert conversation[:12] == opportunity[:12]
    # of those made before
    old = uuid.uuid4().hex
    assert uuid.UUID(conversation_id("c1", old)).version == 5
