"""Reading the company's rule for received messages (row N10)."""

from __future__ import annotations

from typing import Any

from services.attendance.received import contract
from services.attendance.received.model import ReceivingRule
from services.attendance.session import AttendanceSession
from services.attendance.shared.contract import NoInput
from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query


@query(takes=NoInput, gives=contract.ReceivingRule, needs="attendance.read", section=CONFIGURATION)
def get_receiving_rule(session: AttendanceSession, data: dict[str, Any]) -> ReceivingRule:
    return session.receiving_rules.get()
