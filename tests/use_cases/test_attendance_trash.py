"""Row A16: an attendance in the trash is nowhere but in the trash; closed ones are listed where they are asked for."""

from __future__ import annotations

from typing import Any

import pytest

from services.attendance.attendances import commands as attendances_commands
from services.attendance.attendances import queries as attendances_queries
from services.attendance.attendances.model.attendance import Attendance
from services.attendance.entries import queries as entries_queries
from services.attendance.filing import commands as filing_commands
from services.attendance.session import INDEXES, AttendanceSession
from services.chassis.errors import Conflict
from tests.support.builders.attendance_in_memory import LISTED, OPENED
from tests.support.fakes.memory import Memory


class Office:
    """One attendance of each kind: open, closed, archived, both, and the first two in the trash."""

    def __init__(self) -> None:
        self.memory = Memory(AttendanceSession, INDEXES)
        self.memory.collection("persons").insert({"_id": "p1", "name": "Rita", "sequence": 1})
        self.open, self.archived = self.made(), self.made(filing_commands.archive_attendance)
        self.closed = self.made(attendances_commands.close_attendance)
        self.closed_archived = self.made(attendances_commands.close_attendance, filing_commands.archive_attendance)
        self.trashed = self.made(filing_commands.trash_attendance)
        self.made(attendances_commands.close_attendance, filing_commands.trash_attendance)

    def run(self, use_case: Any, **data: Any) -> Any:
        return self.memory.run(lambda tx: use_case.__wrapped__(tx, data))

    def made(self, *steps: Any) -> str:
        made = str(self.run(attendances_commands.open_attendance, **{**OPENED, "text": "Parecer"})["id"])
        for step in steps:
            self.run(step, attendance_id=made)
        return made

    def listed(self, *states: str) -> list[str]:
        found: list[Attendance] = self.run(
            attendances_queries.list_attendances, **LISTED, status=list(states), include_closed=False
        )["items"]
        return [one.id for one in found]


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_persons_open_attendances_are_listed_without_closed_and_trashed_ones(office: Office) -> None:
    assert office.listed("open") == [office.archived, office.open]


def test_closed_ones_are_listed_where_they_are_asked_for_and_trashed_ones_never(office: Office) -> None:
    shown = [office.closed_archived, office.closed, office.archived, office.open]
    assert office.listed("open", "closed") == office.listed() == shown
    assert office.listed("closed") == shown[:2]


def test_a_restored_one_is_listed_again(office: Office) -> None:
    office.run(filing_commands.restore_attendance, attendance_id=office.trashed)
    assert office.trashed in office.listed("open")


def test_a_timeline_shows_nothing_of_the_trash(office: Office) -> None:
    asked = {"limit": 20, "cursor": None}
    shown = {one: office.run(entries_queries.list_entries_in_time, attendance_id=one, **asked) for one in (
        office.open, office.trashed)}  # fmt: skip
    assert [entry.text for entry in shown[office.open]["items"]] == ["Parecer"]
    assert shown[office.trashed] == {"items": [], "next_cursor": None}


def test_no_report_or_print_is_made_of_the_trash(office: Office) -> None:
    with pytest.raises(Conflict) as refusal:
        office.run(attendances_queries.list_summaries, ids=[office.open, office.trashed])
    assert refusal.value.code == "attendance_trashed"
