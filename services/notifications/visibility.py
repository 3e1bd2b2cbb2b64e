"""Which fields decide whether a user sees a row (ADR 0022). Others are read by their person, who is checked first."""

from __future__ import annotations

from services.chassis.access.row_visibility import ATTENDANCES, PERSONS, VisibilityRule
from services.notifications.inbound.repository import MESSAGES
from services.notifications.mailings.repository import OPT_OUTS, RECIPIENTS
from services.notifications.watching.repository import HISTORY
from services.notifications.webhooks.repository import FEED

VISIBILITY_RULES = (
    VisibilityRule(PERSONS, person="_id"),
    VisibilityRule(ATTENDANCES, person=None, attendance="_id"),
    VisibilityRule("watches"),
    VisibilityRule(HISTORY),
    VisibilityRule(RECIPIENTS),
    VisibilityRule(OPT_OUTS),
    VisibilityRule(FEED, attendance="attendance_id"),
    VisibilityRule(MESSAGES, attendance="attendance_id"),
    VisibilityRule("deliveries", attendance="attendance_id", always=True),
)
