"""Of attendance: open or closed, and where it is filed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.attendance.attendances.model import attendance as attendance_model
from services.attendance.attendances.model.attendance import NOTE, TRASHED, Attendance
from services.attendance.filing import model as filing
from services.attendance.flows.model import Flow
from services.attendance.tags.model import Board
from services.attendance.workflow.model.graph import Place
from tests.architecture.machines.driving import COMMON, GONE, NOW, Machine, Samples, Step, functions_of, methods_of, one


def attendance_steps() -> list[Step]:
    flow = Flow("f1", "f1", "f1", "", ["ana"], True, NOW, board=Board([]))
    samples: Samples = {
        **COMMON, "workflow_id": ["w"], "number": [1], "place": [Place("i", "c")], "text": ["x"], "author": ["u1"],
        "author_name": ["Ana"], "kind": [NOTE], "position": [0], "center": [None], "has_text": [True],
        "next_user_id": [None], "title": ["x"], "day": [None], "sequence": [1], "ended_its_workflow": [True],
        "start": [None], "person_name": ["Ana"], "changes": [{}],
        "source": [None], "target": [flow], "new_id": [str], "link": [[]], "unlink": [[]],
    }  # fmt: skip

    def purge(record: Attendance) -> object:
        filing.require_trashed(record)
        return GONE

    own = [*methods_of(Attendance, samples), *functions_of(filing, Attendance, samples)]
    return [*own, ("purge", purge)]


def attendance(seen: Callable[[Any], str], states: set[str]) -> Machine:
    return Machine(
        begin=("open", lambda _: Attendance.open("a1", "p1", "Dúvida", 7, NOW)),
        steps=attendance_steps(),
        seen=one(seen),
        facts=lambda record: (record.status, record.filed),
        states=states,
    )


def attendance_open_or_closed() -> Machine:
    states = {attendance_model.OPEN, attendance_model.CLOSED, TRASHED}
    return attendance(lambda record: TRASHED if record.filed == TRASHED else record.status, states)


def attendance_filed() -> Machine:
    return attendance(lambda record: record.filed, set(filing.FILINGS))
