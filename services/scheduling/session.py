"""The session that the use cases of `scheduling` receive, and the indexes of its collections."""

from __future__ import annotations

from services.chassis.access.row_visibility import PERSONS, AttendanceReplicas
from services.chassis.handling.session import Namer, Session, repository
from services.chassis.lazy import lazy
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
    appointments = repository(lambda session: Appointments(session.collection("appointments")))
    attendances = repository(lambda session: AttendanceReplicas(session.tenant))
    persons = repository(lambda session: persons_of(session.tenant, session.redirects))
    opportunities = repository(
        lambda session: Replicas(session.collection("opportunities"), "opportunity", "Contato de venda não encontrado.")
    )

    @lazy
    def namers(self) -> dict[str, Namer]:
        return {PERSONS: self.namer(PERSONS)}
