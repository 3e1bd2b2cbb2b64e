"""Sales and attendance that die at a step of a unit of work (failpoints.py), for chaos tests."""

from __future__ import annotations

from services.attendance.service import Attendance
from services.attendance.store import AttendanceSession
from services.sales.service import Sales
from services.sales.store import SalesSession
from tests.support.failpoints import FailingRuntime, fail_here


class DoomedSalesSession(SalesSession):
    def flush(self) -> None:
        super().flush()
        if self.pending:
            fail_here("before_commit")


class DoomedAttendanceSession(AttendanceSession):
    def flush(self) -> None:
        super().flush()
        if self.pending:
            fail_here("before_commit")


class DoomedSales(Sales):
    session = DoomedSalesSession
    runtime = FailingRuntime()


class DoomedAttendance(Attendance):
    session = DoomedAttendanceSession
    runtime = FailingRuntime()
