"""The session that the use cases of `scheduling` receive, and the indexes of its collections."""

from __future__ import annotations

from services.chassis.access.row_visibility import PERSONS, AttendanceReplicas
from services.chassis.handling.session import Session
from services.chassis.replicas.persons import persons_of
from services.chassis.replicas.replica import Replicas
from services.chassis.storage.indexes import Index
from services.scheduling.repository import Appointments

INDEXES = (
    Index("appointments", [("person_id", 1), ("starts_at", -1), ("_id", -1)]),
    Index("appointments", [("opportunity_id", 1), ("starts_at", -1), ("_id", -1)]),
    Index("appointments", [("starts_at", 1), ("_id", 1)]),
    Index("appointments", [("booked_by_id", 1), ("starts_at", 1), ("_id", 1)]),
)


class SchedulingSession(Session):
    def open(self) -> None:
        self.appointments = Appointments(self.tenant.collection("appointments"))
        self.attendances = AttendanceReplicas(self.tenant)
        self.persons = persons_of(self.tenant, self.redirects)
        opportunities = self.tenant.collection("opportunities")
        self.opportunities = Replicas(opportunities, "opportunity", "Contato de venda não encontrado.")
        self.namers = {PERSONS: self.namer(PERSONS)}
