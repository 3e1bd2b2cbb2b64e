"""Where `attendance` keeps its records; the only folder here that knows Mongo."""

from __future__ import annotations

from services.attendance.store import answers, attendances, configuration, drafts
from services.attendance.store.answers import Answers
from services.attendance.store.attendances import STRANDED_LIMIT, Attendances, Entries
from services.attendance.store.configuration import OptionsStore, References, Versions
from services.attendance.store.drafts import Drafts
from services.attendance.store.holdings import HOLDINGS
from services.attendance.store.keyed import Keyed
from services.chassis.copies import Copies
from services.chassis.session import Session
from services.chassis.zones import COLLECTION, CompanyZone

__all__ = ["HOLDINGS", "INDEXES", "STRANDED_LIMIT", "AttendanceSession", "Keyed"]

INDEXES = (*attendances.INDEXES, *answers.INDEXES, *configuration.INDEXES, *drafts.INDEXES)


class AttendanceSession(Session):
    def open(self) -> None:
        kept = self.tenant.collection
        self.attendances = Attendances(kept("attendances"), kept("numbers"))
        self.entries = Entries(kept("entries"))
        self.answers = Answers(kept("cycle_answers"))
        self.drafts = Drafts(kept("drafts"), self.company)
        self.persons = Copies(kept("persons"), "person", "Pessoa não encontrada.", self.redirects)
        self.centers = configuration.centers(kept("centers"), self.company)
        self.workflows = configuration.workflows(kept("workflows"), self.company)
        self.versions = Versions(kept("workflow_versions"), self.company)
        self.cycles = configuration.cycles(kept("cycles"), self.company)
        self.types = configuration.types(kept("types"), self.company)
        self.references = References(kept("types"), kept("cycles"))
        self.options = OptionsStore(kept("options"), self.company)
        self.zone = CompanyZone(self.tenant.collection(COLLECTION), self.company)

    def serialise_configuration(self) -> None:
        """Configuring checks one record against others: of two who do so at once, one runs again."""
        self.tenant.collection("numbers").next_numbers("configuration")
