"""Attendances: the conversation with a person, its entries, and its place in a workflow.

Pure: no framework, store or clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.attendance.attendances.model.quotes import SeenQuote, in_approval, value_of
from services.attendance.centers.model import Center
from services.attendance.workflow.model.graph import Place
from services.chassis.errors import Conflict

OPEN, CLOSED = STATUSES = ("open", "closed")
# Values of `filed`; `filing/model.py` changes them.
ACTIVE, ARCHIVED, TRASHED = "active", "archived", "trashed"
# Kinds of entries: a note by a user; a step of the workflow; answers to the cycle; a change of data; by the system.
NOTE, MOVE, CYCLE, CHANGE, SYSTEM = "note", "move", "cycle", "change", "system"
# The others are of actions on an opportunity, whose conversation the attendance is.
ENTRY_KINDS = (
    *(NOTE, MOVE, CYCLE, CHANGE, SYSTEM, "filing", "task", "call", "visit", "email", "whatsapp"),
    # what a customer wrote (received/)
    *("email_received", "whatsapp_received"),
)


@dataclass(frozen=True)
class Entry:
    """An entry of the timeline, never changed; `number` counts the entries of the attendance from 1.

    `standard`: made with a standard text. `data` describes a step or a change for programs, `text` for people.
    """

    id: str
    attendance_id: str
    kind: str
    text: str
    author: str
    author_name: str
    recorded_at: dt.datetime
    number: int = 0
    standard: bool = False
    standard_text_id: str | None = None
    notified_customer: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    # each an Attachment.summary (attachments/model/attachments.py)
    attachments: list[dict[str, Any]] = field(default_factory=list)


# What a user may change, beside the product.
REVISED = frozenset(("title", "internal_contact_date", "due_at", "contact"))
# The longest title that is taken from an opportunity's description, in characters.
MOST_TITLE = 200


def title_of(description: str) -> str:
    """The title of an opportunity's conversation, from the opportunity's description."""
    return description[:MOST_TITLE]


@dataclass
class Attendance:
    """`reference` is the number that people of the company say aloud; `position` counts the steps in the workflow.

    `noted_by`: the user who wrote the last note since the last step; it satisfies a center that demands a text.
    `quotes`: replicas of sales' quotes. `tags`: ids of tags of its flow. `came_from_...`: the place before the last
    step. `opportunity_sequence` and `title_sequence`: the sequence of the last event of its opportunity that closed or
    reopened it, and that renamed it. `of_opportunity`: whether it is an opportunity's conversation; None if it was
    opened by a version that did not store it.
    """

    id: str
    person_id: str
    title: str
    status: str
    reference: int
    entry_count: int
    last_entry_at: dt.datetime | None
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    version: int
    contact: str | None = None
    type_id: str | None = None
    workflow_id: str | None = None
    workflow_version: int = 0
    item_id: str | None = None
    center_id: str | None = None
    visited: list[str] = field(default_factory=list)
    came_from_item: str | None = None
    came_from_center: str | None = None
    position: int = 0
    noted_by: str | None = None
    cycle_id: str | None = None
    next_user_id: str | None = None
    due_at: dt.datetime | None = None
    contact_date: dt.date | None = None
    internal_contact_date: dt.date | None = None
    dedup_key: str | None = None
    duplicate_of: str | None = None
    contact_name: str = ""
    opened_by: str | None = None
    flow_id: str | None = None
    tags: list[str] = field(default_factory=list)
    filed: str = ACTIVE
    quotes: list[SeenQuote] = field(default_factory=list)
    opportunity_sequence: int = 0
    title_sequence: int = 0
    # what it is about; "" where that was taken away
    subject_product: str | None = None
    # of the catalogue (row S24), where it is one of it
    subject_product_id: str | None = None
    of_opportunity: bool | None = None

    @classmethod
    def open(cls, id: str, person_id: str, title: str, reference: int, at: dt.datetime, **fields: Any) -> Attendance:
        """Row A7: a new attendance; `record` adds its first entry, and `start` begins its workflow."""
        return cls(
            id=id,
            person_id=person_id,
            title=title,
            status=OPEN,
            reference=reference,
            entry_count=0,
            last_entry_at=None,
            opened_at=at,
            closed_at=None,
            version=1,
            **{"of_opportunity": False, **fields},
        )

    @property
    def product(self) -> dict[str, str | None] | None:
        if not self.subject_product:
            return None
        return {"id": self.subject_product_id or None, "name": self.subject_product}

    @property
    def place(self) -> Place:
        return Place(self.item_id, self.center_id)

    @property
    def value(self) -> Decimal:
        """The sum of its quotes in approval or approved, in `currency`."""
        return value_of(self.quotes)[0]

    @property
    def currency(self) -> str:
        return value_of(self.quotes)[1]

    @property
    def quotes_in_approval(self) -> int:
        return in_approval(self.quotes)[0]

    @property
    def updated_at(self) -> dt.datetime:
        """The time of its last entry, opening or closing, whichever is latest; UTC."""
        touched = (self.opened_at, self.last_entry_at, self.closed_at)
        return max(moment for moment in touched if moment is not None)

    def start(self, workflow_id: str, number: int, place: Place) -> None:
        """Starts version `number` of a workflow at `place`; the attendance keeps this version."""
        self.workflow_id, self.workflow_version = workflow_id, number
        self._set_place(place)

    def record(
        self, id: str, text: str, author: str, author_name: str, at: dt.datetime, kind: str = NOTE, **extra: Any
    ) -> Entry:
        """Row A8: a new entry of an open attendance; raises Conflict("attendance_closed" or "attendance_trashed")."""
        self.require_open()
        if kind == NOTE:
            self.noted_by = author
        return self.append(id, text, author, author_name, at, kind, **extra)

    def append(
        self, id: str, text: str, author: str, author_name: str, at: dt.datetime, kind: str, **extra: Any
    ) -> Entry:
        """A new entry, also of a closed or trashed attendance; `at` (UTC) may be before the last entry."""
        self.entry_count += 1
        self.last_entry_at = max(at, self.last_entry_at or at)
        return Entry(id, self.id, kind, text, author, author_name, at, self.entry_count, **extra)

    def require_open(self) -> None:
        """Raises Conflict("attendance_closed" or "attendance_trashed")."""
        self.require_kept()
        if self.status == CLOSED:
            raise Conflict("attendance_closed", "O atendimento está encerrado e não recebe mais pareceres.")

    def require_kept(self) -> None:
        """Raises Conflict("attendance_trashed"): a trashed attendance must be restored first."""
        if self.filed == TRASHED:
            raise Conflict("attendance_trashed", "O atendimento está na lixeira; restaure-o primeiro.")

    def require_position(self, position: int) -> None:
        """Raises Conflict("attendance_moved") if another step was taken since the user saw `position`.

        Raises also what `require_open` raises.
        """
        self.require_open()
        if position != self.position:
            raise Conflict(
                "attendance_moved",
                "Outra pessoa já encaminhou o atendimento; carregue-o novamente.",
                center_id=self.center_id,
                position=self.position,
            )

    def move(self, place: Place, center: Center | None, author: str, has_text: bool, next_user_id: str | None) -> None:
        """Moves it to an offered place. `center`: the center there, whose demands count on entering (Center.receive).

        Raises Invalid("entry_text_required" or "next_user_required").
        """
        if center is not None and place.center_id != self.center_id:
            center.receive(has_text or self.noted_by == author, next_user_id)
        if place.center_id != self.center_id or next_user_id:
            self.next_user_id = next_user_id
        self.came_from_item, self.came_from_center = self.item_id, self.center_id
        self._set_place(place)
        self.position += 1
        self.noted_by = None

    def _set_place(self, place: Place) -> None:
        self.item_id, self.center_id = place.item_id, place.center_id
        if place.center_id is not None and place.center_id not in self.visited:
            self.visited = [*self.visited, place.center_id]

    def revise(self, person_name: str, changes: Mapping[str, Any]) -> None:
        """Rows A7, A11: title, dates, contact (None: the person itself) and product.

        Raises Conflict("attendance_closed" or "attendance_trashed").
        """
        self.require_open()
        for name in REVISED & changes.keys():
            setattr(self, name, changes[name])
        if "contact" in changes:
            self.contact_name = self.contact or person_name
        if "product" in changes:
            self.subject_product = changes["product"] or ""
            self.subject_product_id = changes.get("product_id") or ""

    def close(self, at: dt.datetime) -> None:
        """Raises Conflict("attendance_already_closed" or "attendance_trashed")."""
        self.require_kept()
        if self.status == CLOSED:
            raise Conflict("attendance_already_closed", "O atendimento já está encerrado.")
        self.status = CLOSED
        self.closed_at = at

    def advance_opportunity(self, sequence: int) -> bool:
        """Notes an event that closed or reopened its opportunity; False for one older than the last noted."""
        if sequence <= self.opportunity_sequence:
            return False
        self.opportunity_sequence = sequence
        return True

    def follow_title(self, title: str, sequence: int) -> bool:
        """Takes the new name of its opportunity as title, in any state; False if the title stays the same.

        An event older than the last noted one changes nothing.
        """
        if sequence <= self.title_sequence:
            return False
        self.title_sequence = sequence
        changed, self.title = title != self.title, title
        return changed

    def reopen(self, ended_its_workflow: bool, start: Place | None) -> None:
        """Row S16: reopens it with its opportunity. An ended workflow resumes at the place before, or at `start`."""
        self.status, self.closed_at = OPEN, None
        if ended_its_workflow:
            came_from = Place(self.came_from_item, self.came_from_center)
            self._set_place(came_from if came_from != Place(None, None) else start or self.place)
            self.position += 1
            self.noted_by = None
