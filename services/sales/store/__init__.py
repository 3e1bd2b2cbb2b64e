"""Where `sales` keeps its records; the only folder here that knows Mongo."""

from __future__ import annotations

from services.chassis.copies import Copies
from services.chassis.session import Session
from services.chassis.zones import COLLECTION, CompanyZone
from services.sales.store import contracts, opportunities, orders, quotes, receivables
from services.sales.store.contracts import Contracts
from services.sales.store.holdings import HOLDINGS
from services.sales.store.opportunities import Opportunities
from services.sales.store.orders import Orders
from services.sales.store.quotes import Quotes
from services.sales.store.receivables import Receivables

__all__ = ["HOLDINGS", "INDEXES", "SalesSession"]

INDEXES = (*opportunities.INDEXES, *quotes.INDEXES, *orders.INDEXES, *receivables.INDEXES, *contracts.INDEXES)


class SalesSession(Session):
    def open(self) -> None:
        self.opportunities = Opportunities(self.tenant.collection("opportunities"))
        numbers = self.tenant.collection("numbers")
        self.quotes = Quotes(self.tenant.collection("quotes"), numbers)
        self.orders = Orders(self.tenant.collection("orders"), numbers)
        self.receivables = Receivables(self.tenant.collection("receivables"))
        self.contracts = Contracts(self.tenant.collection("contracts"), numbers)
        self.attendances = Copies(self.tenant.collection("attendances"), "attendance", "Atendimento não encontrado.")
        self.persons = Copies(self.tenant.collection("persons"), "person", "Pessoa não encontrada.", self.redirects)
        self.zone = CompanyZone(self.tenant.collection(COLLECTION), self.company)
