"""What the use cases of `attendance` are given: the repositories of one company, and the indexes of its
collections.
"""

from __future__ import annotations

from functools import cached_property

from services.attendance.attachments import repository as attachments_repository
from services.attendance.attachments.repository import ATTACHMENTS, UPLOADS, Attachments, Parts, Uploads
from services.attendance.attendances import repository as attendances_repository
from services.attendance.attendances.query_repository import Queries
from services.attendance.attendances.repository import Attendances, Entries
from services.attendance.cycles import repository as cycles_repository
from services.attendance.cycles.repository import Answers
from services.attendance.drafts import repository as drafts_repository
from services.attendance.drafts.repository import Drafts
from services.attendance.filing.repository import FlowLists
from services.attendance.flows import repository as flows_repository
from services.attendance.flows.model import Flow, not_found
from services.attendance.flows.repository import Flows, Totals
from services.attendance.settings.model import Settings
from services.attendance.settings.repository import SettingsStore
from services.attendance.setup import repository as setup_repository
from services.attendance.setup.repository import OptionsStore, References, Versions
from services.chassis.access.seeing import FLOWS, PERSONS
from services.chassis.handling.session import Session
from services.chassis.replicas.persons import persons_of
from services.chassis.replicas.users import COLLECTION as USERS
from services.chassis.replicas.users import CompanyUsers
from services.chassis.replicas.zones import zone_of
from services.chassis.storage.indexes import Index

RENAMES = "renames"

INDEXES = (
    *attendances_repository.INDEXES,
    *attachments_repository.INDEXES,
    *cycles_repository.INDEXES,
    *setup_repository.INDEXES,
    *drafts_repository.INDEXES,
    *flows_repository.INDEXES,
    Index(PERSONS, [("_id", 1)]),
    Index(FLOWS, [("_id", 1)]),
)


class AttendanceSession(Session):
    def open(self) -> None:
        kept = self.tenant.collection
        self.zone = zone_of(self.tenant)
        self.attendances = Attendances(kept("attendances"), kept("numbers"), self.flow_seen, self.zone.get)
        self.entries = Entries(kept("entries"))
        self.attachments = Attachments(kept(ATTACHMENTS))
        self.uploads = Uploads(kept(UPLOADS))
        self.parts = Parts(kept(attachments_repository.PARTS))
        self.answers = Answers(kept("cycle_answers"))
        self.drafts = Drafts(kept("drafts"), self.company)
        self.persons = persons_of(self.tenant, self.redirects)
        self.users = CompanyUsers(kept(USERS), self.company)
        self.renames = kept(RENAMES)
        self.centers = setup_repository.centers(kept("centers"), self.company)
        self.workflows = setup_repository.workflows(kept("workflows"), self.company)
        self.versions = Versions(kept("workflow_versions"), self.company)
        self.cycles = setup_repository.cycles(kept("cycles"), self.company)
        self.types = setup_repository.types(kept("types"), self.company)
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
