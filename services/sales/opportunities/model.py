"""Opportunities: the sale that may come, and when it asks for attention.

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.chassis import ids
from services.chassis.errors import Conflict
from services.sales.closing.model import LOST, WON, Closing
from services.sales.pipeline.model import Pipeline, Stage

NAMESPACE = uuid.UUID("5f0c8a52-7a0e-5d3b-9c1f-2f1c6f4b8e10")
OPEN, CLOSED = OPPORTUNITY_STATUSES = ("open", "closed")
TODAY, OVERDUE, INTERNAL = "today", "overdue", "internal_date"
LEGENDS = (TODAY, OVERDUE, INTERNAL, OPEN, CLOSED)


@dataclass(frozen=True)
class Legend:
    """The name in Portuguese, and the colour of its mark, #rrggbb."""

    word: str
    colour: str


WORDS = {
    TODAY: Legend("Hoje", "#8a5a00"),
    OVERDUE: Legend("Vencido", "#b3261e"),
    INTERNAL: Legend("Data interna", "#7a3fb0"),
    OPEN: Legend("Aberto", "#146c2e"),
    CLOSED: Legend("Encerrado", "#57606a"),
}
CUSTOMER_STATUSES = ("suspect", "prospect", "client", "inactive")
MOST_MARKERS = 20
# The most stages that `passed` keeps, the last ones: companies may delete and add stages.
MOST_PASSED = 50


def legend_of(status: str, contact_date: dt.date, internal: object, today: dt.date) -> str:
    """Row S2: the legend on `today`, in the company's time zone; a contact that is due beats an internal date."""
    if status == CLOSED:
        return CLOSED
    if contact_date <= today:
        return TODAY if contact_date == today else OVERDUE
    return INTERNAL if internal else OPEN


def conversation_id(company: str, opportunity_id: str) -> str:
    """The id of the opportunity's attendance, derived, so that it is known before attendance opens it."""
    return ids.derived(NAMESPACE, f"{company}:{opportunity_id}", after=opportunity_id)


@dataclass
class Opportunity:
    """Its entries live in the attendance `attendance_id`. Closed means: in the pipeline's closing stage.

    `contact_date` is the next planned contact, in the company's time zone; `customer_status` is independent of the
    stage. `outcome` (won or lost) is None while it is open, and where it was closed without one, which may be added
    later. `stage_before`: the stage that reopening returns to. `wins` counts the closings as won.
    """

    id: str
    person_id: str
    attendance_id: str
    description: str
    contact_date: dt.date
    stage_id: str
    created_at: dt.datetime
    internal_contact_date: dt.date | None = None
    environment: str = ""
    means_of_contact: str = ""
    indicated_by: str = ""
    success_percent: int | None = None
    responsible_id: str | None = None
    amount: Decimal | None = None
    currency: str = "BRL"
    customer_status: str = "prospect"
    markers: list[str] = field(default_factory=list)
    status: str = OPEN
    closed_at: dt.datetime | None = None
    archived_at: dt.datetime | None = None
    last_interaction_at: dt.datetime | None = None
    outcome: str | None = None
    lost_reason: str | None = None
    closing_note: str = ""
    closed_by: str | None = None
    approved_by: str | None = None
    surplus_sold: bool = False
    stage_before: str | None = None
    reopened_at: dt.datetime | None = None
    wins: int = 0
    # the stages that it has left, each once
    passed: list[str] = field(default_factory=list)
    version: int = 1
    closed_by_id: str | None = None
    approved_by_id: str | None = None

    @classmethod
    def create(
        cls, id: str, company: str, stage: Stage, now: dt.datetime, today: dt.date, data: Mapping[str, Any]
    ) -> Opportunity:
        """Row S1; the contact date defaults to `today`. Raises Conflict("stage_closing") for the closing stage."""
        if stage.closing:
            raise Conflict("stage_closing", "Um contato de venda não começa encerrado.")
        given = {**data, "contact_date": data.get("contact_date") or today}
        attendance_id = conversation_id(company, id)
        return cls(id=id, attendance_id=attendance_id, stage_id=stage.id, created_at=now, **given)

    @property
    def active_at(self) -> dt.datetime:
        """The time of the last interaction with the customer, else of the creation; UTC."""
        return self.last_interaction_at or self.created_at

    @property
    def on_board(self) -> bool:
        return self.archived_at is None

    def legend(self, today: dt.date) -> str:
        """Row S2."""
        return legend_of(self.status, self.contact_date, self.internal_contact_date, today)

    def idle(self, today: dt.date, active_before: dt.datetime) -> bool:
        """Row S8: nothing happened since `active_before`, and no contact is planned for today or later."""
        waits = self.status == OPEN and self.on_board
        return waits and self.active_at < active_before and self.contact_date < today

    def change(self, data: Mapping[str, Any]) -> None:
        """Row S9; raises Conflict when closed or archived."""
        self.must_be_open()
        for name, value in data.items():
            setattr(self, name, value)

    def move(self, stage: Stage) -> None:
        """Row S6: moves it to another stage.

        Raises Conflict("outcome_required") for the closing stage (see `close`).
        """
        self.must_be_open()
        if stage.closing:
            detail = f"O estágio {stage.name} encerra o contato de venda: encerre-o como ganho ou como perdido."
            raise Conflict("outcome_required", detail, outcomes=[WON, LOST])
        self._leave(stage.id)

    def close(self, at: dt.datetime, closing: Stage, how: Closing) -> bool:
        """Row S15: closes it, or adds the outcome to a closing without one. Else changes nothing, and gives False."""
        if self.status == CLOSED and (self.outcome is not None or how.outcome is None):
            return False
        if self.status == OPEN:
            self.status, self.closed_at, self.stage_before = CLOSED, at, self.stage_id
            self._leave(closing.id)
        self.outcome, self.lost_reason, self.closing_note = how.outcome, how.reason, how.note
        self.closed_by, self.approved_by, self.surplus_sold = how.by, how.approved_by, how.surplus_sold
        self.closed_by_id, self.approved_by_id = how.by_id, how.approved_by_id
        self.wins += how.outcome == WON
        self.interacted(at)
        return True

    def _leave(self, to: str) -> None:
        if to != self.stage_id and self.stage_id not in self.passed:
            self.passed = [*self.passed, self.stage_id][-MOST_PASSED:]
        self.stage_id = to

    def reopen(self, pipeline: Pipeline, at: dt.datetime) -> None:
        """Row S16: reopens it in the stage before its closing, or in the first one if that was deleted."""
        self.must_be_closed()
        known = {stage.id for stage in pipeline.stages[:-1]}
        self.stage_id = self.stage_before if self.stage_before in known else pipeline.first.id
        self.status, self.closed_at, self.stage_before, self.reopened_at = OPEN, None, None, at
        self.outcome, self.lost_reason, self.closing_note = None, None, ""
        self.closed_by, self.approved_by = None, None
        self.closed_by_id, self.approved_by_id = None, None
        self.interacted(at)

    def ends_at(self, at: dt.datetime) -> bool:
        """Whether the end of its conversation at `at` closes it: not if it was reopened since."""
        return self.reopened_at is None or at > self.reopened_at

    def interacted(self, at: dt.datetime, next_contact: dt.date | None = None) -> bool:
        """Notes an interaction at `at` (UTC); one before the last noted changes nothing, and gives False."""
        if self.last_interaction_at is not None and at <= self.last_interaction_at:
            return False
        self.last_interaction_at = at
        self.plan(next_contact)
        return True

    def plan(self, next_contact: dt.date | None) -> None:
        """Sets the next contact of an open opportunity; None changes nothing."""
        if next_contact is not None and self.status == OPEN:
            self.contact_date = next_contact

    def archive(self, at: dt.datetime) -> None:
        """Row S9; raises Conflict("opportunity_archived")."""
        self._must_not_be_archived()
        self.archived_at = at

    def unarchive(self) -> None:
        """Raises Conflict("opportunity_not_archived")."""
        if self.archived_at is None:
            raise Conflict("opportunity_not_archived", "O contato de venda não está arquivado.")
        self.archived_at = None

    def mark(self, add: Iterable[str], remove: Iterable[str], known: Iterable[str]) -> None:
        """Row S7; removes markers that are not `known` any more. Raises Conflict("opportunity_markers_too_many")."""
        kept = dict.fromkeys([*self.markers, *add])
        self.markers = [marker for marker in kept if marker in set(known) - set(remove)]
        if len(self.markers) > MOST_MARKERS:
            detail = f"Um contato de venda tem no máximo {MOST_MARKERS} marcadores."
            raise Conflict("opportunity_markers_too_many", detail)

    def must_be_open(self) -> None:
        """Raises Conflict("opportunity_archived") or Conflict("opportunity_closed")."""
        self._must_not_be_archived()
        if self.status == CLOSED:
            raise Conflict("opportunity_closed", "O contato de venda está encerrado.")

    def must_be_closed(self) -> None:
        """Raises Conflict("opportunity_archived") or Conflict("opportunity_not_closed")."""
        self._must_not_be_archived()
        if self.status != CLOSED:
            raise Conflict("opportunity_not_closed", "O contato de venda não está encerrado.")

    def must_take_an_outcome(self) -> None:
        """Open, or closed without one; raises Conflict("opportunity_archived") or Conflict("opportunity_closed")."""
        self._must_not_be_archived()
        if self.outcome is not None:
            how = {WON: "ganho", LOST: "perdido"}[self.outcome]
            detail = f"O contato de venda já foi encerrado como {how}, por {self.closed_by}."
            raise Conflict("opportunity_closed", detail, outcome=self.outcome, closed_by=self.closed_by)

    def _must_not_be_archived(self) -> None:
        if self.archived_at is not None:
            raise Conflict("opportunity_archived", "O contato de venda está arquivado; desarquive-o primeiro.")
