"""Row O4: one trace, from the request that records an entry to the e-mail that tells of it, over three processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.builders import people
from tests.support.fakes.collector import Collector, drawn
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

TRACED = ("attendance", "notifications", "gateway")
ENTRY = "POST /v1/attendances/<string:attendance_id>/entries"
SETTINGS = {"OTEL_BSP_SCHEDULE_DELAY": "200"}


@pytest.fixture
def collector(system: System) -> Iterator[Collector]:
    """The three processes of the path run with traces; in the end they are as they were."""
    running = Collector()
    settings = {"VINCULO_OTLP_URL": running.url, **SETTINGS}
    restarted(system, settings)
    yield running
    for name in TRACED:
        for setting in settings:
            system.processes[name].env.pop(setting)
    restarted(system, {})
    running.close()


def restarted(system: System, settings: dict[str, str]) -> None:
    for name in TRACED:
        system.processes[name].env.update(settings)
        system.processes[name].stop()
        system.processes[name].start()
    system.wait_ready(*TRACED)


def test_an_entry_is_one_trace_from_the_request_to_the_mail_server(
    system: System, collector: Collector, ana: Client
) -> None:
    word = people.unique_word()
    person = ana.register(f"Observada {word}")
    ana.put(f"/v1/persons/{person['id']}/watchers/me", {"own_actions": True})
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": f"Caso {word}"})
    ana.post(f"/v1/attendances/{opened['id']}/entries", {"text": "Segredo do parecer"})
    wait_for(lambda: [mail for mail in system.mails() if word in mail["subject"]], what="the mail")
    expected = {
        ("gateway", ENTRY), ("attendance", "record_entry"), ("notifications", "on_attendance_entry_recorded"),
        ("notifications", "deliveries"), ("notifications", "smtp"),
    }  # fmt: skip
    wait_for(
        lambda: expected <= {(one.process, one.name) for one in collector.trace_of(ENTRY)}, 20, "the whole trace"
    )  # fmt: skip
    spans = collector.trace_of(ENTRY)
    print(drawn(spans))
    by_id = {one.id: one for one in spans}
    (smtp,) = [one for one in spans if one.name == "smtp"]
    path = [smtp]
    while path[-1].parent:
        path.append(by_id[path[-1].parent])
    assert [(one.process, one.name) for one in reversed(path)] == [
        ("gateway", ENTRY), ("attendance", "record_entry"), ("notifications", "on_attendance_entry_recorded"),
        ("notifications", "deliveries"), ("notifications", "smtp"),
    ]  # fmt: skip
    assert "Segredo" not in str(collector.spans)
    assert word not in str(collector.spans)
    assert person["id"] not in str(collector.spans)
