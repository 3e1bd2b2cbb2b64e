"""The session that the use cases of `sales` receive (the repositories of one company), and all indexes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from services.chassis.access.row_visibility import ATTENDANCES, ROW_KINDS, AttendanceReplicas
from services.chassis.access.visibility import ATTENDANCE_TYPE, FLOW
from services.chassis.handling.session import NUMBERS, Namer, Session, repository
from services.chassis.lazy import lazy
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
    stage_totals = repository(lambda session: StageTotals(session.collection("stage_totals")))
    action_totals = repository(lambda session: ActionTotals(session.collection("action_totals"), session.company))
    configuration = repository(Configuration)
    # for what is only shown: it may be some seconds old
    shown_configuration = repository(lambda session: Configuration(session, cached=True))
    quotes = repository(lambda session: Quotes(session.collection("quotes"), session.collection(NUMBERS)))
    quote_links = repository(lambda session: QuoteLinks(session.collection(quote_links_repository.LINKS)))
    quote_answers = repository(lambda session: QuoteAnswers(session.collection(quote_links_repository.ANSWERS)))
    orders = repository(lambda session: Orders(session.collection("orders"), session.collection(NUMBERS)))
    products = repository(lambda session: Products(session.collection(products_repository.PRODUCTS), session.company))
    zone = repository(lambda session: zone_of(session.tenant))
    nfes = repository(lambda session: Nfes(session.collection("nfes"), session.collection("nfe_documents")))
    corrections = repository(lambda session: Corrections(session.collection(corrections_repository.LETTERS)))
    voidings = repository(lambda session: Voidings(session.collection(voiding_repository.VOIDINGS)))
    fiscal = repository(
        lambda session: FiscalConfiguration(
            session.collection("fiscal_settings"),
            session.collection("fiscal_products"),
            session.collection(NUMBERS),
            session.company,
        )
    )
    service_orders = repository(
        lambda session: ServiceOrders(session.collection("service_orders"), session.collection(NUMBERS))
    )
    service_invoices = repository(lambda session: ServiceInvoices(session.collection("service_invoices")))
    receivables = repository(lambda session: Receivables(session.collection("receivables")))
    commission_rates = repository(
        lambda session: commission_repository.Rates(session.collection(commission_repository.RATES), session.company)
    )
    commission_totals = repository(lambda session: Totals(session.collection(TOTALS), session.company))
    commission_closings = repository(
        lambda session: commission_repository.Closings(
            session.collection(commission_repository.CLOSINGS), session.collection(NUMBERS)
        )
    )
    status_changes = repository(lambda session: StatusChanges(session.collection("turns")))
    templates = repository(lambda session: Templates(session.collection("templates")))
    sendings = repository(lambda session: Sendings(session.collection("sendings")))
    attendances = repository(lambda session: AttendanceReplicas(session.tenant))
    persons = repository(lambda session: persons_of(session.tenant, session.redirects))
    users = repository(lambda session: CompanyUsers(session.collection(USERS), session.company))
    names = repository(lambda session: Names(session.collection("persons"), session.namer("persons")))

    @lazy
    def opportunities(self) -> Opportunities:
        awaits = self.actor.sight.narrowed(ATTENDANCE_TYPE, FLOW)
        return Opportunities(self.collection("opportunities"), self.stage_totals, awaits)

    @lazy
    def actions(self) -> Actions:
        return Actions(self.collection("actions"), self.action_totals)

    @lazy
    def contracts(self) -> Contracts:
        return Contracts(self.collection("contracts"), self.collection(NUMBERS), self.zone)

    @lazy
    def commission_entries(self) -> commission_repository.Entries:
        return commission_repository.Entries(self.collection(commission_repository.ENTRIES), self.commission_totals)

    @lazy
    def namers(self) -> dict[str, Namer]:
        return {
            USERS: self.namer(USERS, f"{self.company}:"),
            PERSONS: self.names.seen,
            "stages": self._stages_named,
        }

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
        for totals in (self.stage_totals, self.action_totals, self.commission_totals):
            totals.write()
        super().flush()
