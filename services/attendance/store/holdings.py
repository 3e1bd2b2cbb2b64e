"""What `attendance` holds of a person (chassis/holdings.py)."""

from __future__ import annotations

from services.chassis.holdings import Holding

ERASED = "[eliminado]"
BASIS = (
    "LGPD art. 16, I e IV: que houve o atendimento, quando e por quem; textos eliminados, sem dados da pessoa, "
    "até a eliminação da empresa."
)

ENTRIES = Holding("entries", by="attendance_id", sort="recorded_at", erases={"text": ERASED}, basis=BASIS)
HOLDINGS = (
    Holding("attendances", by="person_id", sort="opened_at", erases={"title": ERASED}, basis=BASIS, parts=(ENTRIES,)),
)
