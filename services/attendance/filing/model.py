"""The filing of an attendance: its flow and tags; active, archived or trashed (rows A6, A14).

Every change leaves an entry, in closed attendances too. Pure: no store, no clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.attendance.attendances.model.attendance import ACTIVE, ARCHIVED, TRASHED, Attendance
from services.attendance.attendances.model.quotes import in_approval
from services.attendance.flows.model import Flow
from services.attendance.tags.model import Tag
from services.chassis.errors import Conflict, Invalid

FILINGS = (ACTIVE, ARCHIVED, TRASHED)
FILING = "filing"


@dataclass(frozen=True)
class Step:
    """A change of the filing, for programs (`change`, `data`) and for people (`text`)."""

    change: str
    text: str
    data: dict[str, Any]


def filed_at_opening(flow: Flow | None, tag_ids: list[str], now: dt.datetime) -> dict[str, Any]:
    """Row A7: the fields `flow_id` and `tags` of a new attendance; none without a flow.

    Raises Conflict("flow_inactive" or "tags_being_ordered"), Invalid("tags_without_flow").
    """
    if flow is None:
        if tag_ids:
            detail = "Tags são de um fluxo: informe o fluxo."
            raise Invalid("tags_without_flow", detail, fields={"tag_ids": [detail]})
        return {}
    flow.require_active()
    tags = flow.board.linkable(tag_ids, now) if tag_ids else []
    return {"flow_id": flow.id, "tags": [tag.id for tag in tags]}


def archive(attendance: Attendance) -> Step:
    """Raises Conflict("attendance_trashed" or "attendance_archived")."""
    attendance.require_kept()
    if attendance.filed == ARCHIVED:
        raise Conflict("attendance_archived", "O atendimento já está arquivado.")
    return _file(attendance, ARCHIVED, "archived", "Atendimento arquivado.")


def unarchive(attendance: Attendance) -> Step:
    """Raises Conflict("attendance_not_archived")."""
    if attendance.filed != ARCHIVED:
        raise Conflict("attendance_not_archived", "O atendimento não está arquivado.")
    return _file(attendance, ACTIVE, "unarchived", "Atendimento desarquivado.")


def trash(attendance: Attendance) -> Step:
    """Raises Conflict("attendance_trashed")."""
    attendance.require_kept()
    return _file(attendance, TRASHED, "trashed", "Atendimento movido para a lixeira.")


def restore(attendance: Attendance) -> Step:
    """Raises Conflict("attendance_not_trashed")."""
    require_trashed(attendance)
    return _file(attendance, ACTIVE, "restored", "Atendimento restaurado da lixeira.")


def require_trashed(attendance: Attendance) -> None:
    """Raises Conflict("attendance_not_trashed"): only a trashed attendance is restored or purged."""
    if attendance.filed != TRASHED:
        raise Conflict("attendance_not_trashed", "O atendimento não está na lixeira.")


def move(attendance: Attendance, source: Flow | None, target: Flow, new_id: Callable[[], str]) -> Step:
    """Moves it to another flow with its tags: those of the same name there, or new ones (`new_id` gives their ids).

    Raises Conflict("attendance_trashed", "flow_inactive", "flow_unchanged" or "tag_limit_reached").
    """
    attendance.require_kept()
    target.require_active()
    if attendance.flow_id == target.id:
        raise Conflict("flow_unchanged", "O atendimento já está neste fluxo.")
    moved = source.board.living(attendance.tags) if source else []
    tags = [target.board.named(tag.name) or target.board.add(Tag(new_id(), tag.name, tag.colour)) for tag in moved]
    before = attendance.flow_id
    attendance.flow_id, attendance.tags = target.id, [tag.id for tag in tags]
    origin = f" do fluxo {source.name}" if source else ""
    data = {"from": before, "to": target.id, "tags": attendance.tags}
    return Step("moved", f"Movido{origin} para o fluxo {target.name}.", data)


def retag(attendance: Attendance, link: list[Tag], unlink: list[Tag]) -> Step | None:
    """Links and unlinks tags; None where nothing changes. Raises Conflict("attendance_trashed")."""
    attendance.require_kept()
    before = list(attendance.tags)
    unlinked = {tag.id for tag in unlink}
    tags = list(dict.fromkeys([*(tag_id for tag_id in before if tag_id not in unlinked), *(tag.id for tag in link)]))
    added = [tag for tag in link if tag.id not in before]
    removed = [tag for tag in unlink if tag.id in before and tag.id not in tags]
    if not added and not removed:
        return None
    attendance.tags = tags
    signs = [*(f"+{tag.name}" for tag in added), *(f"−{tag.name}" for tag in removed)]
    data = {"added": [tag.id for tag in added], "removed": [tag.id for tag in removed], "tags": tags}
    return Step("tagged", f"Tags: {', '.join(signs)}.", data)


def _file(attendance: Attendance, to: str, change: str, text: str) -> Step:
    data = {"from": attendance.filed, "to": to}
    attendance.filed = to
    return Step(change, text, data)


@dataclass(frozen=True)
class Share:
    """An attendance's part in the totals of its flow (row A13); `amounts` in hundredths by currency."""

    attendance_id: str
    flow_id: str
    filed: str
    quotes: int
    amounts: Mapping[str, int]

    @classmethod
    def of(cls, attendance: Attendance) -> Share | None:
        """None for an attendance without a flow."""
        if attendance.flow_id is None:
            return None
        return cls(attendance.id, attendance.flow_id, attendance.filed, *in_approval(attendance.quotes))

    def counts(self, sign: int = 1) -> dict[str, int]:
        """Increments by path in the documents of the flow's totals; `sign` -1 takes the share out."""
        increments = {f"{self.filed}.attendances": sign}
        if self.quotes:
            increments[f"{self.filed}.quotes"] = sign * self.quotes
        for currency, amount in self.amounts.items():
            increments[f"{self.filed}.amounts.{currency}"] = sign * amount
        return increments
