"""Critical factors (row A18): attendances that are overdue for too long or nearly due, with the reason.

Days are counted on the company's clock: five days after the 10th at 9:00 is the 15th at 9:00, whatever daylight
saving does in between. Pure: no store, no clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from services.attendance.types.model.types import Tree, Type
from services.chassis.days import start_of_day

OVERDUE, NEAR = FACTOR_KINDS = ("overdue", "near_due")
# At least as long as any daylight-saving change. It widens the windows that are read; `judge` is exact.
CLOCK_CHANGE = dt.timedelta(hours=3)

# A range of moments (UTC), both included; it is open before None.
Window = tuple[dt.datetime | None, dt.datetime]


@dataclass(frozen=True)
class Factor:
    """`days`: whole days overdue, or left; `reason`: the explanation in Portuguese."""

    kind: str
    days: int
    reason: str


class CriticalTypes:
    """The company's inclusion and exclusion lists of types; a group on a list includes all types under it."""

    def __init__(self, types: Sequence[Type]) -> None:
        self._tree = Tree(types)
        self._any_included = any(node.critical == "include" for node in types)

    def reason(self, type_id: str | None) -> str | None:
        """The reason, in Portuguese, why attendances of the type count; None where they do not.

        Exclusion beats inclusion. An empty inclusion list includes all types.
        """
        lineage = self._tree.lineage(type_id)
        if any(node.critical == "exclude" for node in lineage):
            return None
        if not self._any_included:
            return "todos os tipos entram, pois a lista de inclusão está vazia"
        included = next((node for node in lineage if node.critical == "include"), None)
        if included is None:
            return None
        return "tipo incluído na lista" if included.id == type_id else f"tipo incluído pelo grupo {included.name}"


@dataclass(frozen=True)
class Rules:
    """`overdue_days`: an attendance counts when overdue by more than these; `near_days`: when due within these."""

    overdue_days: int
    near_days: int
    zone: dt.tzinfo
    lists: CriticalTypes

    def judge(
        self, due_at: dt.datetime | None, type_id: str | None, now: dt.datetime, contact_date: dt.date | None = None
    ) -> Factor | None:
        """The critical factor of an open attendance at `now` (UTC); None where it is none.

        Its critical date is its due date, else the end of the day of its next contact.
        """
        planned = f"Contato previsto para {contact_date:%d/%m/%Y}" if contact_date and due_at is None else None
        at = self._end_of(contact_date) if contact_date and due_at is None else due_at
        reason = self.lists.reason(type_id) if at is not None else None
        if at is None or reason is None:
            return None
        due, here = at.astimezone(self.zone), now.astimezone(self.zone)
        due_text = f"{due:%d/%m/%Y %H:%M}"
        if now > self._later(due, self.overdue_days):
            days = _whole_days(due, here)
            late = f"{planned}, atrasado há {_days_text(days)}" if planned else None
            return Factor(OVERDUE, days, f"{late or f'Vencido há {_days_text(days)}, desde {due_text}'}; {reason}.")
        if now <= at <= self._later(here, self.near_days):
            days = _whole_days(here, due)
            return Factor(NEAR, days, f"{planned or f'Vence em {due_text}'}, {_left_text(days)}; {reason}.")
        return None

    def windows(self, now: dt.datetime) -> tuple[Window, Window]:
        """The ranges (UTC) of critical dates to read and judge, overdue ones first; a little wider than the rules."""
        here = now.astimezone(self.zone)
        overdue = self._later(here, -self.overdue_days) + CLOCK_CHANGE
        return (None, min(overdue, now)), (now, self._later(here, self.near_days) + CLOCK_CHANGE)

    def _end_of(self, day: dt.date) -> dt.datetime:
        return start_of_day(day + dt.timedelta(days=1), self.zone)

    def _later(self, local: dt.datetime, days: int) -> dt.datetime:
        """The same local time `days` later; UTC."""
        return (local + dt.timedelta(days=days)).astimezone(dt.UTC)


def _whole_days(first: dt.datetime, last: dt.datetime) -> int:
    """Whole days between two local times, whatever daylight saving does in between."""
    return (last.replace(tzinfo=None) - first.replace(tzinfo=None)).days


def _days_text(days: int) -> str:
    return "1 dia" if days == 1 else f"{days} dias"


def _left_text(days: int) -> str:
    if days == 0:
        return "em menos de um dia"
    return "em 1 dia" if days == 1 else f"em {days} dias"
