"""Rows A7 and A8: attendances and their entries."""

from __future__ import annotations

import datetime as dt

import pytest

from services.attendance.attendances.model.attendance import Attendance
from services.chassis.errors import Conflict

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)


def opened() -> Attendance:
    return Attendance.open(id="a1", person_id="p1", title="Dúvida", reference=7, at=NOW)


def test_an_attendance_opens_without_entries() -> None:
    attendance = opened()
    assert (attendance.status, attendance.entry_count, attendance.version) == ("open", 0, 1)


def test_an_entry_is_recorded_and_counted() -> None:
    attendance = opened()
    entry = attendance.record(id="e1", text="Ligou.", author="u1", author_name="Ana", at=NOW)
    assert (entry.attendance_id, entry.text, entry.author_name) == ("a1", "Ligou.", "Ana")
    assert (attendance.entry_count, attendance.last_entry_at) == (1, NOW)


def test_a_closed_attendance_takes_no_entry() -> None:
    attendance = opened()
    attendance.close(NOW)
    with pytest.raises(Conflict, match="attendance_closed") as refused:
        attendance.record(id="e1", text="Ligou.", author="u1", author_name="Ana", at=NOW)
    assert "encerrado" in refused.value.detail
    assert attendance.entry_count == 0


def test_an_attendance_closes_once() -> None:
    attendance = opened()
    attendance.close(NOW)
    assert attendance.closed_at == NOW
    with pytest.raises(Conflict, match="attendance_already_closed"):
        attendance.close(NOW)
