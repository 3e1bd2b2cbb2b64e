"""G1: one call returns the person and every section; a service that is down or late leaves only its section out."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.ports import wait_for
from tests.support.system import SERVICES, Client, System

# The gateway's own default; the bar allows 100 ms over it, and HTTP on a busy machine some more.
VIEW_SECONDS = 2.0


@contextmanager
def stopped(system: System, name: str) -> Iterator[None]:
    system.processes[name].stop()
    try:
        yield
    finally:
        system.restart(name)
        system.wait_ready(name)


@contextmanager
def frozen(system: System, name: str) -> Iterator[None]:
    system.processes[name].signal(signal.SIGSTOP)
    try:
        yield
    finally:
        system.processes[name].signal(signal.SIGCONT)
        system.wait_ready(name)


def test_the_view_has_all_five_sections(ana: Client) -> None:
    person = ana.register("Vera Visível")
    ana.put(f"/v1/persons/{person['id']}/watchers/me")
    ana.post(f"/v1/persons/{person['id']}/attendances", {"title": "Primeira", "text": "Olá."})
    ana.post(f"/v1/persons/{person['id']}/opportunities", {"description": "Forno novo", "amount": "1500.00"})
    times = {"starts_at": "2027-01-04T09:00:00-03:00", "ends_at": "2027-01-04T10:00:00-03:00"}
    ana.post(f"/v1/persons/{person['id']}/appointments", {"kind": "visita", "subject": "Medir", **times})
    # The opportunity's conversation is an attendance, which comes by an event.
    view = wait_for(
        lambda: found if len((found := ana.get(f"/v1/persons/{person['id']}/view"))["attendances"]) == 2 else None
    )
    assert view["person"]["name"] == "Vera Visível"
    assert view["opportunities"][0]["amount"] == "1500.00"
    assert view["appointments"][0]["starts_at"].startswith("2027-01-04T12:00:00")
    assert view["watchers"][0]["email"] == "ana@padaria.example"
    assert (view["unavailable"], view["withheld"]) == ([], [])


def test_a_stopped_and_a_frozen_service_leave_their_sections_out_within_the_deadline(
    system: System, ana: Client
) -> None:
    person = ana.register("Paula Parcial")
    ana.post(f"/v1/persons/{person['id']}/attendances", {"title": "Fica"})
    with stopped(system, "sales"), frozen(system, "scheduling"):
        started = time.monotonic()
        view = ana.get(f"/v1/persons/{person['id']}/view")
        took = time.monotonic() - started
    assert sorted(view["unavailable"]) == ["appointments", "opportunities"]
    assert [a["title"] for a in view["attendances"]] == ["Fica"]
    print(f"view with two services away: {took * 1000:.0f} ms of {VIEW_SECONDS * 1000:.0f}")
    assert took < VIEW_SECONDS * 1.5


def test_without_people_there_is_no_view(system: System, ana: Client) -> None:
    person = ana.register("Nina Necessária")
    with stopped(system, "people"):
        answer = ana.request("GET", f"/v1/persons/{person['id']}/view")
    assert (answer.status_code, answer.json()["code"]) == (503, "people_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_unknown_person_is_not_found(ana: Client) -> None:
    answer = ana.request("GET", "/v1/persons/nobody/view")
    assert (answer.status_code, answer.json()["code"]) == (404, "person_not_found")


def test_every_service_is_ready_again(system: System) -> None:
    system.wait_ready(*SERVICES)
