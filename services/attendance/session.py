"""The session that the use cases of `attendance` receive (the repositories of one company), and all indexes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial

from services.attendance.attachments import repository as attachments_repository
from services.attendance.attachments.repository import (
    ATTACHMENTS,
    OPENINGS,
    UPLOADS,
    Attachments,
    Openings,
    Parts,
    Uploads,
)
from services.attendance.attendances import repository as attendances_repository
from services.attendance.attendances.query_repository import AttendanceQueries
from services.attendance.attendances.repository import PURGED, Attendances, Entries
from services.attendance.cycles import repository as cycles_repository
from services.attendance.cycles.repository import Answers
from services.attendance.drafts import repository as drafts_repository
from services.attendance.drafts.repository import Drafts
from services.attendance.filing.repository import FlowLists
from services.attendance.flows import repository as flows_repository
from services.attendance.flows.model import Flow, not_found
from services.attendance.flows.repository import Flows, Totals
from services.attendance.received.repository import ReceivingRules
from services.attendance.settings.model import Settings
from services.attendance.settings.repository import SettingsStore
from services.attendance.setup import repository as setup_repository
from services.attendance.setup.repository import OptionsStore, References, Versions
from services.attendance.types.model.types import Type
from services.chassis.access.row_visibility import PERSONS
from services.chassis.handling.session import Namer, Session, repository
from services.chassis.lazy import lazy
from services.chassis.replicas.persons import persons_of
from services.chassis.replicas.replica import Replicas
from services.chassis.replicas.users import COLLECTION as USERS
from services.chassis.replicas.users import CompanyUsers
from services.chassis.replicas.zones import zone_of
from services.chassis.storage.tenant import TenantCollection

RENAMES = "renames"

INDEXES = (
    *attendances_repository.INDEXES,
    *attachments_repository.INDEXES,
    *cycles_repository.INDEXES,
    *setup_repository.INDEXES,
    *drafts_repository.INDEXES,
    *flows_repository.INDEXES,
)


class AttendanceSession(Session):
    zone = repository(lambda session: zone_of(session.tenant))
    entries = repository(lambda session: Entries(session.collection("entries")))
    attachments = repository(lambda session: Attachments(session.collection(ATTACHMENTS)))
    uploads = repository(lambda session: Uploads(session.collection(UPLOADS)))
    openings = repository(lambda session: Openings(session.collection(OPENINGS)))
    parts = repository(lambda session: Parts(session.collection(attachments_repository.PARTS)))
    answers = repository(lambda session: Answers(session.collection("cycle_answers")))
    drafts = repository(lambda session: Drafts(session.collection("drafts"), session.company))
    persons = repository(lambda session: persons_of(session.tenant, session.redirects))
    products = repository(
        lambda session: Replicas(session.collection("products"), "product", "Produto não encontrado.")
    )
    users = repository(lambda session: CompanyUsers(session.collection(USERS), session.company))
    renames = repository(lambda session: session.collection(RENAMES))
    centers = repository(lambda session: setup_repository.centers(*_keyed(session, "centers")))
    workflows = repository(lambda session: setup_repository.workflows(*_keyed(session, "workflows")))
    versions = repository(lambda session: Versions(session.collection("workflow_versions"), session.company))
    cycles = repository(lambda session: setup_repository.cycles(*_keyed(session, "cycles")))
    types = repository(lambda session: setup_repository.types(*_keyed(session, "types")))
    references = repository(lambda session: References(session.collection("types"), session.collection("cycles")))
    options = repository(lambda session: OptionsStore(session.collection("options"), session.company))
    flow_lists = repository(lambda session: FlowLists(session.collection("attendances")))
    flows = repository(lambda session: Flows(session.collection("flows"), partial(session.forget_name, "flows")))
    flow_totals = repository(lambda session: Totals(session.collection("flow_totals")))
    settings = repository(lambda session: SettingsStore(session.collection("settings"), session.company))
    receiving_rules = repository(lambda session: ReceivingRules(session.collection("settings"), session.company))

    @lazy
    def attendances(self) -> Attendances:
        documents, numbers, purged = (self.collection(name) for name in ("attendances", "numbers", PURGED))
        return Attendances(documents, numbers, purged, self.visible_flow, self.zone.get)

    @lazy
    def queries(self) -> AttendanceQueries:
        return AttendanceQueries(self.collection("attendances"), self.attendances.visible)

    @lazy
    def namers(self) -> dict[str, Namer]:
        return {
            USERS: self.namer(USERS, f"{self.company}:"),
            PERSONS: self.namer(PERSONS),
            "flows": self.namer("flows"),
            "tags": self._names_of_tags,
            "products": self._names_of_products,
            # of drafts, which may name what their author does not see
            "drafted_flows": self._names_of_visible_flows,
            "drafted_types": lambda ids: {one.id: one.name for one in self._visible_types() if one.id in ids},
            "standard_texts": self._names_of_standard_texts,
            **{name: self.namer(name, f"{self.company}/") for name in ("centers", "workflows", "cycles", "types")},
        }

    def serialise_configuration(self) -> None:
        """Makes concurrent changes of the configuration conflict, so that one is retried: each checks other records."""
        self.one_at_a_time("configuration")

    @lazy
    def set_up(self) -> Settings:
        """The company's settings, read once a session."""
        return self.settings.get()

    @lazy
    def _visible_flows(self) -> dict[str, Flow | None]:
        return {}

    def visible_flow(self, flow_id: str) -> Flow | None:
        """Row A5: the flow, if the user may see it, else None; read once a session."""
        if flow_id not in self._visible_flows:
            flow = self.flows.find(flow_id)
            self._visible_flows[flow_id] = flow if flow and self.sees(flow) else None
        return self._visible_flows[flow_id]

    def _names_of_tags(self, tag_ids: Collection[str]) -> dict[str, str | None]:
        """Of the flows that were read in this session, or else of all that the user uses."""
        known = _tags_of(flow for flow in self._visible_flows.values() if flow)
        return known if known.keys() >= set(tag_ids) else _tags_of(self.flows.of_user(self.actor.id))

    def _names_of_visible_flows(self, flow_ids: Collection[str]) -> dict[str, str | None]:
        seen = [self.visible_flow(one) for one in flow_ids]
        return {flow.id: flow.name for flow in seen if flow}

    def _visible_types(self) -> list[Type]:
        return [one for one in self.types.all() if self.actor.sees("attendance_type", one.id)]

    def _names_of_standard_texts(self, text_ids: Collection[str]) -> dict[str, str | None]:
        """Of the types that the user sees."""
        texts = (text for one in self._visible_types() for text in one.standard_texts)
        return {text.id: text.name for text in texts if text.id in text_ids}

    def _names_of_products(self, product_ids: Collection[str]) -> dict[str, str | None]:
        return {one["_id"]: one.get("description") for one in self.products.find_many(sorted(product_ids))}

    def sees(self, flow: Flow) -> bool:
        """Whether the user is one of the flow's users, and their scopes include it."""
        return flow.open_to(self.actor.id) and self.actor.sees("flow", flow.id)

    def flow_of_the_user(self, flow_id: str) -> Flow:
        """The flow, to use it; raises NotFound("flow_not_found"), also if the user may not see it."""
        flow = self.flows.get(flow_id)
        if not self.sees(flow):
            raise not_found()
        return flow

    def flow_to_configure(self, flow_id: str) -> Flow:
        """The flow, to configure it; raises NotFound("flow_not_found"), also if the user's scopes do not include it."""
        flow = self.flows.get(flow_id)
        if not self.actor.sees("flow", flow.id):
            raise not_found()
        return flow


def _keyed(session: Session, name: str) -> tuple[TenantCollection, str, Callable[[str], None]]:
    """What a repository of the set-up is made of."""
    return session.collection(name), session.company, partial(session.forget_name, name)


def _tags_of(flows: Iterable[Flow]) -> dict[str, str | None]:
    return {tag.id: tag.name for flow in flows for tag in flow.board.all_tags()}
