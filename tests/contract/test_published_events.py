"""The golden samples against what producers really write.

Each use case that a test runs in memory compares its events (tests/support/fakes/memory.py). Here is a day of an
attendance, and the comparison itself.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.attendance.attendances import commands as attendances_commands
from services.attendance.entries import commands as entries_commands
from services.attendance.filing import commands as filing_commands
from services.attendance.flows import commands as flows_commands
from tests.support import golden
from tests.support.builders.attendance_in_memory import FLOW, NOTE, OPENED, office, run
from tests.support.golden import unlike


def published() -> dict[str, dict[str, Any]]:
    """By its name, one of each kind that a day of an attendance announces."""
    memory = office()
    flow = run(memory, flows_commands.create_flow, **FLOW, users=["u1"])
    run(memory, flows_commands.change_flow, flow_id=flow.id, users=["u1", "u2"])
    one = run(memory, attendances_commands.open_attendance, **{**OPENED, "flow_id": flow.id})["id"]
    run(memory, entries_commands.record_entry, attendance_id=one, **NOTE)
    run(memory, attendances_commands.close_attendance, attendance_id=one)
    run(memory, filing_commands.archive_attendance, attendance_id=one)
    told = [json.loads(row["envelope"]) for row in memory.documents("outbox")]
    return {event["name"]: event["data"] for event in told}


def test_a_day_of_an_attendance_announces_what_its_samples_promise() -> None:
    found = published()
    names = {"flow_changed", "attendance_opened", "entry_recorded", "attendance_closed", "attendance_filed"}
    assert found.keys() >= names
    assert [one for name, data in found.items() for one in unlike("attendance", name, data)] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda sample: sample.pop("title"), "attendance_opened.title is in no sample"),
        (lambda sample: sample.update(renamed=1), "attendance_opened.renamed was not published"),
        (lambda sample: sample.update(title=1), "attendance_opened.title is str, in the sample int"),
        (lambda sample: sample.update(flow={"flow_id": "f"}), "attendance_opened.flow.users is in no sample"),
    ],
)
def test_a_sample_that_no_producer_writes_is_found(monkeypatch: pytest.MonkeyPatch, change: Any, said: str) -> None:
    data = published()["attendance_opened"]
    sample = json.loads(json.dumps(data))
    change(sample)
    monkeypatch.setattr(golden, "_sample", lambda name: sample)
    assert said in unlike("attendance", "attendance_opened", data)
