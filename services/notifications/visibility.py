"""Which fields decide whether a user sees a row (ADR 0022). Others are read by their person, who is checked first."""

from __future__ import annotations

from services.chassis.access.seeing import ATTENDANCES, PERSONS, Seeable
from services.notifications.inbound.repository import MESSAGES
from services.notifications.mailings.repository import OPT_OUTS, RECIPIENTS
from services.notifications.watching.repository import HISTORY
from services.notifications.webhooks.repository import FEED

SEEABLES = (
    Seeable(PERSONS, person="_id"),
    Seeable(ATTENDANCES, person=None, attendance="_id"),
    Seeable("watches"),
    Seeable(HISTORY),
    Seeable(RECIPIENTS),
    Seeable(OPT_OUTS),
    Seeable(FEED, attendance="attendance_id"),
    Seeable(MESSAGES, attendance="attendance_id"),
    Seeable("deliveries", attendance="attendance_id", always=True),
)
