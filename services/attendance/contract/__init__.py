"""What `attendance` promises: its commands, queries, results and events, by aggregate; and what it reads."""

from __future__ import annotations

from services.attendance.contract.attendances import (
    Attendance,
    AttendancePage,
    CloseAttendance,
    Entry,
    EntryPage,
    ListEntries,
    OpenAttendance,
    RecordEntry,
)
from services.attendance.contract.events import (
    ATTENDANCE_CLOSED,
    ATTENDANCE_OPENED,
    ENTRY_RECORDED,
    EVENTS,
    PERSON_DATA_ERASED,
    SERVICE,
    AttendanceClosed,
    AttendanceOpened,
    EntryRecorded,
)
from services.attendance.contract.heard import (
    CompanySeen,
    ErasureRequested,
    OpportunitySeen,
    PersonRedirected,
    PersonSeen,
)

__all__ = [
    "ATTENDANCE_CLOSED",
    "ATTENDANCE_OPENED",
    "ENTRY_RECORDED",
    "EVENTS",
    "PERSON_DATA_ERASED",
    "SERVICE",
    "Attendance",
    "AttendanceClosed",
    "AttendanceOpened",
    "AttendancePage",
    "CloseAttendance",
    "CompanySeen",
    "Entry",
    "EntryPage",
    "EntryRecorded",
    "ErasureRequested",
    "ListEntries",
    "OpenAttendance",
    "OpportunitySeen",
    "PersonRedirected",
    "PersonSeen",
    "RecordEntry",
]
