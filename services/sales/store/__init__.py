"""Where `sales` keeps its records; the only folder here that knows Mongo."""

from __future__ import annotations

from services.chassis.copies import Copies
from services.chassis.session import Session
from services.sales.store import opportunities
from services.sales.store.opportunities import Opportunities

INDEXES = opportunities.INDEXES


class SalesSession(Session):
    def open(self) -> None:
        self.opportunities = Opportunities(self.tenant.collection("opportunities"))
        self.persons = Copies(self.tenant.collection("persons"), "person", "Pessoa não encontrada.")
