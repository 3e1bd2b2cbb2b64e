"""Row G1: one call gathers five services; one that is down or late is named, and the rest comes in time."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

SECTIONS = ("attendances", "opportunities", "appointments", "watchers")
# VINCULO_VIEW_SECONDS' default, and what two busy cores may add to it.
DEADLINE = 2.0
SLACK = 1.5


@pytest.fixture(scope="module")
def person(ana: Client) -> dict[str, Any]:
    """With something in every section."""
    person = ana.register("Completa")
    path = f"/v1/persons/{person['id']}"
    ana.post(f"{path}/attendances", {"subject": "Visita"})
    ana.post(f"{path}/opportunities", {"subject": "Forno"})
    times = {"starts_at": "2031-03-05T12:00:00Z", "ends_at": "2031-03-05T13:00:00Z"}
    ana.post(f"{path}/appointments", {"kind": "visita", "subject": "Medir", **times})
    ana.put(f"{path}/watchers/me", {"own_actions": True})
    # The opportunity's conversation is the second attendance.
    wait_for(lambda: len(ana.get(f"{path}/attendances")["items"]) == 2, what="the conversation")
    return person


@pytest.fixture
def troubled(system: System) -> Iterator[System]:
    """A system that a test may break; whole again afterwards."""
    yield system
    for name in ("people", "attendance", "sales", "scheduling", "notifications"):
        process = system.processes[name]
        if process.alive():
            process.signal(signal.SIGCONT)
        else:
            system.restart(name)
    system.wait_ready()


def view(ana: Client, person: dict[str, Any]) -> Any:
    return ana.request("GET", f"/v1/persons/{person['id']}/view")


def test_all_sections_come_in_one_answer(ana: Client, person: dict[str, Any]) -> None:
    found = view(ana, person).json()
    assert found["person"]["id"] == person["id"]
    assert {name: found[name]["count"] for name in SECTIONS} == {
        "attendances": 2, "opportunities": 1, "appointments": 1, "watchers": 1,
    }  # fmt: skip
    assert all(len(found[name]["items"]) == found[name]["count"] for name in SECTIONS)
    assert found["unavailable"] == []


def test_a_stopped_and_a_frozen_service_are_named_and_the_rest_comes_within_the_deadline(
    troubled: System, ana: Client, person: dict[str, Any]
) -> None:
    troubled.processes["scheduling"].stop()
    troubled.processes["sales"].signal(signal.SIGSTOP)
    started = time.monotonic()
    answer = view(ana, person)
    seconds = time.monotonic() - started
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert sorted(found["unavailable"]) == ["appointments", "opportunities"]
    assert (found["appointments"], found["opportunities"]) == (None, None)
    assert (found["attendances"]["count"], found["watchers"]["count"]) == (2, 1)
    assert seconds < DEADLINE * SLACK, seconds


def test_without_the_person_there_is_no_view(troubled: System, ana: Client, person: dict[str, Any]) -> None:
    troubled.processes["people"].stop()
    started = time.monotonic()
    refused(view(ana, person), 503, "people_unavailable")
    assert time.monotonic() - started < DEADLINE * SLACK


def test_after_the_trouble_the_view_is_whole_again(ana: Client, person: dict[str, Any]) -> None:
    wait_for(lambda: view(ana, person).json().get("unavailable") == [], what="the whole view")
