"""The session that the use cases of `sales` receive (the repositories of one company), and all indexes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from services.chassis.access.row_visibility import ATTENDANCES, ROW_KINDS, AttendanceReplicas
from services.chassis.access.visibility import ATTENDANCE_TYPE, FLOW
from services.chassis.handling.session import Namer, Session
from services.chassis.references import PERSONS
from services.chassis.replicas.persons import persons_of
from services.chassis.replicas.users import COLLECTION as USERS
from services.chassis.replicas.users import CompanyUsers
from services.chassis.replicas.zones import zone_of
from services.chassis.storage.indexes import FILLED, Index
from services.chassis.storage.tenant import TenantCollection
from services.sales.actions import repository as actions_repository
from services.sales.actions.repository import Actions
from services.sales.actions.totals import INDEXES as ACTION_TOTALS
from services.sales.actions.totals import ActionTotals
from services.sales.closing import repository as closing_repository
from services.sales.closing.repository import StatusChanges
from services.sales.commission import repository as commission_repository
from services.sales.commission.totals import INDEXES as COMMISSION_TOTALS
from services.sales.commission.totals import TOTALS, Totals
from services.sales.contracts import repository as contracts_repository
from services.sales.contracts.repository import Contracts
from services.sales.corrections import repository as corrections_repository
from services.sales.corrections.repository import Corrections
from services.sales.documents import repository as documents_repository
from services.sales.documents.repository import Sendings
from services.sales.fiscal.repository import FiscalConfiguration
from services.sales.nfe import repository as nfe_repository
from services.sales.nfe.repository import Nfes
from services.sales.opportunities import repository as opportunities_repository
from services.sales.opportunities.repository import Opportunities
from services.sales.opportunities.totals import StageTotals
from services.sales.orders import repository as orders_repository
from services.sales.orders.repository import Orders
from services.sales.products import repository as products_repository
from services.sales.products.repository import Products
from services.sales.quote_links import repository as quote_links_repository
from services.sales.quote_links.repository import QuoteAnswers, QuoteLinks
from services.sales.quotes import repository as quotes_repository
from services.sales.quotes.repository import Quotes
from services.sales.receivables import repository as receivables_repository
from services.sales.receivables.repository import Receivables
from services.sales.service_orders import repository as service_orders_repository
from services.sales.service_orders.repository import ServiceInvoices, ServiceOrders
from services.sales.settings.repository import Configuration
from services.sales.templates import repository as templates_repository
from services.sales.templates.repository import Templates
from services.sales.voiding import repository as voiding_repository
from services.sales.voiding.repository import Voidings

INDEXES = (
    *opportunities_repository.INDEXES,
    *actions_repository.INDEXES,
    *ACTION_TOTALS,
    *quotes_repository.INDEXES,
    *quote_links_repository.INDEXES,
    *orders_repository.INDEXES,
    *receivables_repository.INDEXES,
    *contracts_repository.INDEXES,
    *commission_repository.INDEXES,
    *COMMISSION_TOTALS,
    *closing_repository.INDEXES,
    *templates_repository.INDEXES,
    *documents_repository.INDEXES,
    *nfe_repository.INDEXES,
    *corrections_repository.INDEXES,
    *voiding_repository.INDEXES,
    *products_repository.INDEXES,
    *service_orders_repository.INDEXES,
    Index(ATTENDANCES, [("conversation", 1), ("flow_id", 1), ("_id", 1)]),
)
DERIVED = (commission_repository.DERIVED, nfe_repository.DERIVED, contracts_repository.DERIVED)


# The most conversations in flows that misses_opportunities looks at.
MOST_LOOKED_AT = 500


class Names:
    """The names of many persons at once, for a list."""

    def __init__(self, persons: TenantCollection, remembered: Namer) -> None:
        self._persons, self._remembered = persons, remembered

    def of(self, person_ids: Iterable[str]) -> dict[str, str]:
        """Names by id, at most a few seconds old; without persons that are not known."""
        return {person_id: name for person_id, name in self._remembered(set(person_ids)).items() if name is not None}

    def seen(self, person_ids: Collection[str]) -> dict[str, str | None]:
        """Names by id of the persons that the user may see."""
        found = self._persons.visible.find({"_id": {"$in": sorted(person_ids)}}, [("_id", 1)], len(person_ids))
        return {person["_id"]: person["name"] for person in found}


class SalesSession(Session):
    def open(self) -> None:
        collection = self.tenant.collection
        self.stage_totals = StageTotals(collection("stage_totals"))
        self.action_totals = ActionTotals(collection("action_totals"), self.company)
        awaits = self.actor.sight.narrowed(ATTENDANCE_TYPE, FLOW)
        self.opportunities = Opportunities(collection("opportunities"), self.stage_totals, awaits)
        self.actions = Actions(collection("actions"), self.action_totals)
        self.configuration = Configuration(self)
        # for what is only shown: it may be some seconds old
        self.shown_configuration = Configuration(self, cached=True)
        numbers = collection("numbers")
        self.quotes = Quotes(collection("quotes"), numbers)
        self.quote_links = QuoteLinks(collection(quote_links_repository.LINKS))
        self.quote_answers = QuoteAnswers(collection(quote_links_repository.ANSWERS))
        self.orders = Orders(collection("orders"), numbers)
        self.products = Products(collection(products_repository.PRODUCTS), self.company)
        self.zone = zone_of(self.tenant)
        self.contracts = Contracts(collection("contracts"), numbers, self.zone)
        self.nfes = Nfes(collection("nfes"), collection("nfe_documents"))
        self.corrections = Corrections(collection(corrections_repository.LETTERS))
        self.voidings = Voidings(collection(voiding_repository.VOIDINGS))
        fiscal = collection("fiscal_settings"), collection("fiscal_products")
        self.fiscal = FiscalConfiguration(*fiscal, numbers, self.company)
        self.service_orders = ServiceOrders(collection("service_orders"), numbers)
        self.service_invoices = ServiceInvoices(collection("service_invoices"))
        self.receivables = Receivables(collection("receivables"))
        self._open_commissions()
        self.status_changes = StatusChanges(collection("turns"))
        self.templates = Templates(collection("templates"))
        self.sendings = Sendings(collection("sendings"))
        self.attendances = AttendanceReplicas(self.tenant)
        self.persons = persons_of(self.tenant, self.redirects)
        self.users = CompanyUsers(collection(USERS), self.company)
        self.names = Names(collection("persons"), self.namer("persons"))
        self.namers = {
            USERS: self.namer(USERS, f"{self.company}:"),
            PERSONS: self.names.seen,
            "stages": self._stages_named,
        }

    def _open_commissions(self) -> None:
        collection, numbers = self.tenant.collection, self.tenant.collection("numbers")
        self.commission_rates = commission_repository.Rates(collection(commission_repository.RATES), self.company)
        self.commission_totals = Totals(collection(TOTALS), self.company)
        self.commission_entries = commission_repository.Entries(
            collection(commission_repository.ENTRIES), self.commission_totals
        )
        self.commission_closings = commission_repository.Closings(collection(commission_repository.CLOSINGS), numbers)

    def _stages_named(self, _: Collection[str]) -> dict[str, str | None]:
        return {stage.id: stage.name for stage in self.shown_configuration.pipeline().stages}

    def misses_opportunities(self) -> bool:
        """Whether some opportunity may be hidden from the user, who then must not see the stored totals."""
        if self.actor.sight.narrowed(*ROW_KINDS):
            return True
        conversations = self.tenant.collection(ATTENDANCES)
        where, order = {"conversation": True, "flow_id": FILLED}, [("flow_id", 1), ("_id", 1)]
        filed = conversations.find(where, order, MOST_LOOKED_AT)
        visible = conversations.visible.find(where, order, MOST_LOOKED_AT)
        return len(filed) == MOST_LOOKED_AT or len(visible) < len(filed)

    def flush(self) -> None:
        """Writes the totals last, so that other transactions wait for them the shortest time."""
        self.stage_totals.write()
        self.action_totals.write()
        self.commission_totals.write()
        super().flush()
