"""Where `attendance` keeps its records; the only folder here that knows Mongo."""

from __future__ import annotations

from services.attendance.store import attendances
from services.attendance.store.attendances import Attendances, Entries
from services.attendance.store.holdings import HOLDINGS
from services.chassis.copies import Copies
from services.chassis.session import Session
from services.chassis.zones import COLLECTION, CompanyZone

__all__ = ["HOLDINGS", "INDEXES", "AttendanceSession"]

INDEXES = attendances.INDEXES


class AttendanceSession(Session):
    def open(self) -> None:
        self.attendances = Attendances(self.tenant.collection("attendances"), self.tenant.collection("numbers"))
        self.entries = Entries(self.tenant.collection("entries"))
        self.persons = Copies(self.tenant.collection("persons"), "person", "Pessoa não encontrada.", self.redirects)
        self.zone = CompanyZone(self.tenant.collection(COLLECTION), self.company)
