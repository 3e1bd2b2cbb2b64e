"""Sales and attendance that die at a step of a unit of work (support/stack/failpoints.py), for chaos tests."""

from __future__ import annotations

from typing import Any

from services.attendance.service import Attendance
from services.attendance.session import AttendanceSession
from services.sales.service import Sales
from services.sales.session import SalesSession
from tests.support.stack.failpoints import FailingRuntime, fail_here


class DoomedSalesSession(SalesSession):
    """Dies inside its transaction, too: when an order, or a contract, is written and nothing is committed."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        _then_fail(self.orders, "after_order")
        _then_fail(self.contracts, "after_contract")

    def flush(self) -> None:
        super().flush()
        if self.pending:
            fail_here("before_commit")


class DoomedAttendanceSession(AttendanceSession):
    def flush(self) -> None:
        super().flush()
        if self.pending:
            fail_here("before_commit")


def _then_fail(store: Any, step: str) -> None:
    add = store.add

    def added(record: Any) -> None:
        add(record)
        fail_here(step)

    store.add = added


class DoomedSales(Sales):
    session = DoomedSalesSession
    runtime = FailingRuntime()


class DoomedAttendance(Attendance):
    session = DoomedAttendanceSession
    runtime = FailingRuntime()
