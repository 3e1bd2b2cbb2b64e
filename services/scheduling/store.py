"""Where `scheduling` keeps its records; the only file here that knows Mongo."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.chassis.copies import Copies
from services.chassis.holdings import Holding
from services.chassis.mongo import Document, Index, TenantCollection
from services.chassis.pages import after, page
from services.chassis.seeing import ATTENDANCES, FLOWS, PERSONS, AttendanceCopies, Seeable
from services.chassis.session import Session
from services.scheduling.domain import Appointment

ERASED = "[eliminado]"
BASIS = "LGPD art. 16, IV: data, hora e tipo na agenda da empresa; assunto e endereço eliminados, sem dados da pessoa."
HOLDINGS = (
    Holding("appointments", by="person_id", sort="starts_at", erases={"subject": ERASED, "address": ""}, basis=BASIS),
)

# What hides them from a user: their person's categories, the conversation of their opportunity.
SEEABLES = (
    Seeable(PERSONS, person="_id"),
    Seeable(ATTENDANCES, attendance="_id"),
    Seeable("opportunities", attendance="attendance_id"),
    Seeable("appointments", attendance="attendance_id"),
)

INDEXES = (
    Index(PERSONS, [("_id", 1)]),
    Index(ATTENDANCES, [("_id", 1)]),
    Index(FLOWS, [("_id", 1)]),
    Index("appointments", [("person_id", 1), ("starts_at", -1), ("_id", -1)]),
    Index("appointments", [("opportunity_id", 1), ("starts_at", -1), ("_id", -1)]),
)


class SchedulingSession(Session):
    def open(self) -> None:
        self.appointments = Appointments(self.tenant.collection("appointments"))
        self.attendances = AttendanceCopies(self.tenant)
        self.persons = Copies(self.tenant.collection("persons"), "person", "Pessoa não encontrada.", self.redirects)
        known = self.tenant.collection("opportunities")
        self.opportunities = Copies(known, "opportunity", "Contato de venda não encontrado.")


class Appointments:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, appointment: Appointment) -> None:
        fields = asdict(appointment)
        self._documents.insert({"_id": fields.pop("id"), **fields})

    def of_person(self, person_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        return self._page({"person_id": person_id}, limit, cursor)

    def of_opportunity(self, opportunity_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        return self._page({"opportunity_id": opportunity_id}, limit, cursor)

    def _page(self, owner: Document, limit: int, cursor: str | None) -> dict[str, Any]:
        where = {**owner, **after(cursor, "starts_at")}
        found = self._documents.seen.find(where, [("starts_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "starts_at", _appointment)


def _appointment(found: Document) -> Appointment:
    return Appointment(id=found["_id"], **{k: v for k, v in found.items() if k not in ("_id", "company")})
