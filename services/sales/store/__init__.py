"""Where `sales` keeps its records; the only folder here that knows Mongo."""

from __future__ import annotations

from collections.abc import Iterable

from services.chassis.copies import Copies
from services.chassis.mongo import FILLED, Index, TenantCollection
from services.chassis.seeing import ATTENDANCES, ROW_KINDS, AttendanceCopies
from services.chassis.session import Session
from services.chassis.users import COLLECTION as USERS
from services.chassis.users import CompanyUsers
from services.chassis.visibility import ATTENDANCE_TYPE, FLOW
from services.chassis.zones import COLLECTION, CompanyZone
from services.sales.store import (
    actions,
    commission,
    contracts,
    nfe,
    opportunities,
    orders,
    quotes,
    receivables,
    service_orders,
    templates,
    totals,
    turns,
)
from services.sales.store.actions import Actions
from services.sales.store.configuration import Configuration
from services.sales.store.contracts import Contracts
from services.sales.store.holdings import HOLDINGS
from services.sales.store.nfe import FiscalConfiguration, Nfes
from services.sales.store.opportunities import Opportunities
from services.sales.store.orders import Orders
from services.sales.store.quotes import Quotes
from services.sales.store.receivables import Receivables
from services.sales.store.seeables import SEEABLES
from services.sales.store.service_orders import ServiceInvoices, ServiceOrders
from services.sales.store.templates import Sendings, Templates
from services.sales.store.totals import ActionTotals, StageTotals
from services.sales.store.turns import Turns

__all__ = ["DERIVED", "HOLDINGS", "INDEXES", "SEEABLES", "SalesSession"]

INDEXES = (
    *opportunities.INDEXES,
    *actions.INDEXES,
    *totals.INDEXES,
    *quotes.INDEXES,
    *orders.INDEXES,
    *receivables.INDEXES,
    *contracts.INDEXES,
    *commission.INDEXES,
    *turns.INDEXES,
    *templates.INDEXES,
    *nfe.INDEXES,
    *service_orders.INDEXES,
    Index("persons", [("_id", 1)]),
    Index(ATTENDANCES, [("_id", 1)]),
    Index(ATTENDANCES, [("conversation", 1), ("flow_id", 1), ("_id", 1)]),
    Index("flows", [("_id", 1)]),
)
DERIVED = (commission.DERIVED, nfe.DERIVED)


# Conversations filed in flows that are looked at, to know whether one is hidden.
MOST_LOOKED_AT = 500


class Names:
    """The names of many persons at once, for a list."""

    def __init__(self, persons: TenantCollection) -> None:
        self._persons = persons

    def of(self, person_ids: Iterable[str]) -> dict[str, str]:
        ids = sorted(set(person_ids))
        found = self._persons.find({"_id": {"$in": ids}}, [("_id", 1)], len(ids)) if ids else []
        return {person["_id"]: person["name"] for person in found}


class SalesSession(Session):
    def open(self) -> None:
        collection = self.tenant.collection
        self.stage_totals = StageTotals(collection("stage_totals"))
        self.action_totals = ActionTotals(collection("action_totals"), self.company)
        awaits = self.actor.sight.narrowed(ATTENDANCE_TYPE, FLOW)
        self.opportunities = Opportunities(collection("opportunities"), self.stage_totals, awaits)
        self.actions = Actions(collection("actions"), self.action_totals)
        self.configuration = Configuration(collection("configuration"), self.company)
        numbers = collection("numbers")
        self.quotes = Quotes(collection("quotes"), numbers)
        self.orders = Orders(collection("orders"), numbers)
        self.contracts = Contracts(collection("contracts"), numbers)
        self.nfes = Nfes(collection("nfes"), collection("nfe_documents"))
        fiscal = collection("fiscal_settings"), collection("fiscal_products")
        self.fiscal = FiscalConfiguration(*fiscal, numbers, self.company)
        self.service_orders = ServiceOrders(collection("service_orders"), numbers)
        self.service_invoices = ServiceInvoices(collection("service_invoices"))
        self.receivables = Receivables(collection("receivables"))
        self.commission_rates = commission.Rates(collection(commission.RATES), self.company)
        self.commission_entries = commission.Entries(collection(commission.ENTRIES))
        self.commission_closings = commission.Closings(collection(commission.CLOSINGS), numbers)
        self.turns = Turns(collection("turns"))
        self.templates = Templates(collection("templates"))
        self.sendings = Sendings(collection("sendings"))
        self.attendances = AttendanceCopies(self.tenant)
        self.persons = Copies(collection("persons"), "person", "Pessoa não encontrada.", self.redirects)
        self.users = CompanyUsers(collection(USERS), self.company)
        self.zone = CompanyZone(collection(COLLECTION), self.company)
        self.names = Names(collection("persons"))

    def misses_opportunities(self) -> bool:
        """Whether some opportunity may be hidden from the user: then totals that were kept for all tell too much."""
        if self.actor.sight.narrowed(*ROW_KINDS):
            return True
        conversations = self.tenant.collection(ATTENDANCES)
        asked = {"conversation": True, "flow_id": FILLED}, [("flow_id", 1), ("_id", 1)], MOST_LOOKED_AT
        filed = conversations.find(*asked)
        return len(filed) == MOST_LOOKED_AT or len(conversations.seen.find(*asked)) < len(filed)

    def flush(self) -> None:
        """The totals last: others wait for them the shortest time."""
        self.stage_totals.write()
        self.action_totals.write()
        super().flush()
