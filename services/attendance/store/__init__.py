"""Where `attendance` keeps its records; the only folder here that knows Mongo."""

from __future__ import annotations

from functools import cached_property

from services.attendance.domain.flow import Flow, not_found
from services.attendance.domain.settings import Settings
from services.attendance.store import answers, attachments, attendances, configuration, drafts, flows
from services.attendance.store.answers import Answers
from services.attendance.store.attachments import ATTACHMENTS, UPLOADS, Attachments, Parts, Uploads
from services.attendance.store.attendances import STRANDED_LIMIT, Attendances, Entries
from services.attendance.store.configuration import OptionsStore, References, Versions
from services.attendance.store.drafts import Drafts
from services.attendance.store.flow_lists import FlowLists
from services.attendance.store.flows import Flows, Totals
from services.attendance.store.holdings import HOLDINGS
from services.attendance.store.keyed import Keyed
from services.attendance.store.queries import Queries
from services.attendance.store.seeables import SEEABLES
from services.attendance.store.settings import SettingsStore
from services.chassis.copies import Copies
from services.chassis.mongo import Index
from services.chassis.seeing import FLOWS, PERSONS
from services.chassis.session import Session
from services.chassis.users import COLLECTION as USERS
from services.chassis.users import CompanyUsers
from services.chassis.zones import COLLECTION, CompanyZone

RENAMES = "renames"

__all__ = [
    "ATTACHMENTS",
    "HOLDINGS",
    "INDEXES",
    "RENAMES",
    "SEEABLES",
    "STRANDED_LIMIT",
    "UPLOADS",
    "AttendanceSession",
    "Keyed",
]

INDEXES = (
    *attendances.INDEXES,
    *attachments.INDEXES,
    *answers.INDEXES,
    *configuration.INDEXES,
    *drafts.INDEXES,
    *flows.INDEXES,
    Index(PERSONS, [("_id", 1)]),
    Index(FLOWS, [("_id", 1)]),
)


class AttendanceSession(Session):
    def open(self) -> None:
        kept = self.tenant.collection
        self.zone = CompanyZone(kept(COLLECTION), self.company)
        self.attendances = Attendances(kept("attendances"), kept("numbers"), self.flow_seen, self.zone.get)
        self.entries = Entries(kept("entries"))
        self.attachments = Attachments(kept(ATTACHMENTS))
        self.uploads = Uploads(kept(UPLOADS))
        self.parts = Parts(kept(attachments.PARTS))
        self.answers = Answers(kept("cycle_answers"))
        self.drafts = Drafts(kept("drafts"), self.company)
        self.persons = Copies(kept("persons"), "person", "Pessoa não encontrada.", self.redirects)
        self.users = CompanyUsers(kept(USERS), self.company)
        self.renames = kept(RENAMES)
        self.centers = configuration.centers(kept("centers"), self.company)
        self.workflows = configuration.workflows(kept("workflows"), self.company)
        self.versions = Versions(kept("workflow_versions"), self.company)
        self.cycles = configuration.cycles(kept("cycles"), self.company)
        self.types = configuration.types(kept("types"), self.company)
        self.references = References(kept("types"), kept("cycles"))
        self.options = OptionsStore(kept("options"), self.company)
        self.queries = Queries(kept("attendances"), self.attendances.shown)
        self.flow_lists = FlowLists(kept("attendances"))
        self.flows = Flows(kept("flows"))
        self.flow_totals = Totals(kept("flow_totals"))
        self.settings = SettingsStore(kept("settings"), self.company)
        self._flows_seen: dict[str, Flow | None] = {}

    def serialise_configuration(self) -> None:
        """Configuring checks one record against others: of two who do so at once, one runs again."""
        self.tenant.collection("numbers").next_numbers("configuration")

    @cached_property
    def set_up(self) -> Settings:
        """The company's settings, read once."""
        return self.settings.get()

    def flow_seen(self, flow_id: str) -> Flow | None:
        """Row A5: the flow, for an authorised user whose scopes leave it visible; asked once a session."""
        if flow_id not in self._flows_seen:
            found = self.flows.find(flow_id)
            self._flows_seen[flow_id] = found if found and self.sees(found) else None
        return self._flows_seen[flow_id]

    def sees(self, flow: Flow) -> bool:
        return flow.open_to(self.actor.id) and self.actor.sees("flow", flow.id)

    def flow_of_the_user(self, flow_id: str) -> Flow:
        """To use; raises NotFound("flow_not_found"), also for who may not see it."""
        flow = self.flows.get(flow_id)
        if not self.sees(flow):
            raise not_found()
        return flow

    def flow_to_configure(self, flow_id: str) -> Flow:
        """For who may set flows up; their scopes hold here too."""
        flow = self.flows.get(flow_id)
        if not self.actor.sees("flow", flow.id):
            raise not_found()
        return flow
