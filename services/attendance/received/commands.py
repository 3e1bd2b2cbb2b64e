"""Changing the company's rule for received messages (row N10)."""

from __future__ import annotations

from typing import Any

from services.attendance.received import contract
from services.attendance.received.model import ReceivingRule
from services.attendance.session import AttendanceSession
from services.attendance.shared.loading import type_to_open
from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import command


@command(
    takes=contract.ChangeReceivingRule,
    gives=contract.ReceivingRule,
    needs="attendance.configure",
    section=CONFIGURATION,
)
def change_receiving_rule(tx: AttendanceSession, data: dict[str, Any]) -> ReceivingRule:
    """Raises what loading.type_to_open raises; NotFound("user_not_found"), Conflict("user_inactive")."""
    type_to_open(tx, data.get("type_id"))
    if data.get("responsible_id"):
        tx.users.require(data["responsible_id"])
    rule = tx.receiving_rules.get()
    rule.change(data)
    tx.receiving_rules.save(rule)
    return rule
