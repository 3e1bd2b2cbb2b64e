"""Who looked at a person is told in batches; nothing is lost while the broker is away, or when the process is stopped
(row P7)."""

from __future__ import annotations

import time
from typing import Any

import pytest

from gateway.http import access_log
from gateway.http.access_log import PERMISSION, LookLog
from services.chassis.access.context import Context
from tests.support.stack.ports import wait_for


class Bus:
    """Takes what is sent while it is connected."""

    def __init__(self) -> None:
        self.connected = True
        self.sent: list[tuple[str, list[dict[str, Any]]]] = []

    def send(self, service: str, method: str, data: dict[str, Any], context: Context) -> bool:
        assert (service, method, context.permissions) == ("people", "record_looks", (PERMISSION,))
        assert context.deadline > time.time() + 3_600, "people may be down for a while"
        if self.connected:
            self.sent.append((context.company, data["looks"]))
        return self.connected


def look(number: int) -> dict[str, Any]:
    return {"id": f"l{number}", "person_id": "p1"}


@pytest.fixture
def bus() -> Bus:
    return Bus()


def log_on(bus: Bus, seconds: float = 3_600) -> LookLog:
    return LookLog(lambda: bus, seconds)  # type: ignore[arg-type, return-value]


def test_looks_of_a_moment_are_one_message_a_company(bus: Bus) -> None:
    looks = log_on(bus)
    for number in range(6):
        looks.add(f"c{number % 2}", look(number))
    assert bus.sent == []
    assert looks.tell()
    assert [(company, [one["id"] for one in told]) for company, told in bus.sent] == [
        ("c0", ["l0", "l2", "l4"]),
        ("c1", ["l1", "l3", "l5"]),
    ]
    assert looks.tell()
    assert len(bus.sent) == 2


def test_no_message_has_more_than_people_takes(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "MOST_LOOKS", 2)
    looks = log_on(bus)
    for number in range(5):
        looks.add("c1", look(number))
    looks.tell()
    assert [len(told) for _, told in bus.sent] == [2, 2, 1]


def test_they_are_told_by_themselves_soon(bus: Bus) -> None:
    looks = log_on(bus, seconds=0.01)
    looks.add("c1", look(1))
    wait_for(lambda: bus.sent, 5, "the look")
    looks.add("c1", look(2))
    wait_for(lambda: len(bus.sent) == 2, 5, "the next one")
    looks.close()


def test_what_could_not_be_told_is_told_when_the_broker_is_back(bus: Bus) -> None:
    bus.connected = False
    looks = log_on(bus, seconds=0.01)
    looks.add("c1", look(1))
    assert not looks.tell()
    bus.connected = True
    wait_for(lambda: bus.sent, 5, "the look, without another one")
    assert bus.sent == [("c1", [look(1)])]
    looks.close()


def test_a_process_that_is_stopped_tells_the_last_ones(bus: Bus) -> None:
    looks = log_on(bus)
    looks.add("c1", look(1))
    looks.close()
    assert bus.sent == [("c1", [look(1)])]


def test_there_is_a_bound_and_the_log_says_how_many_were_beyond_it(
    bus: Bus, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(access_log, "MOST_KEPT", 2)
    bus.connected = False
    looks = log_on(bus)
    for number in range(5):
        looks.add("c1", look(number))
    looks.close()
    assert [(record.message, record.__dict__["looks"]) for record in caplog.records] == [("looks not recorded", 5)]
