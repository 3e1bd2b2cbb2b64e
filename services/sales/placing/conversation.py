"""The conversation in which something is sold: found, checked, and marked as sold in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Invalid
from services.sales.opportunities.model import Opportunity
from services.sales.session import SalesSession

Data = dict[str, Any]


@dataclass(frozen=True)
class Conversation:
    """Where something was sold: an attendance, maybe an opportunity's."""

    person_id: str
    attendance_id: str | None
    opportunity_id: str | None


def conversation_of(tx: SalesSession, attendance_id: str | None, opportunity_id: str | None) -> Conversation | None:
    """Where a quote is made or an order placed: in an opportunity where one is named, else in an attendance.

    None for neither. Raises NotFound, and Conflict("opportunity_closed" or "opportunity_archived"): nothing more is
    sold there.
    """
    if opportunity_id is not None:
        return _of_opportunity(tx, tx.opportunities.get(opportunity_id))
    if attendance_id is None:
        return None
    person_id = tx.attendances.get(attendance_id)["person_id"]
    opportunity = tx.opportunities.of_conversation(attendance_id)
    return _of_opportunity(tx, opportunity) if opportunity else Conversation(person_id, attendance_id, None)


def _of_opportunity(tx: SalesSession, opportunity: Opportunity) -> Conversation:
    sell_in(tx, opportunity)
    return Conversation(opportunity.person_id, opportunity.attendance_id, opportunity.id)


def sell_in(tx: SalesSession, opportunity: Opportunity) -> None:
    """Selling is an interaction. It is written, so that nothing is sold at the very moment of the closing: one of the
    two runs again, and finds the other done.

    Raises Conflict("opportunity_closed" or "opportunity_archived").
    """
    opportunity.must_be_open()
    opportunity.interacted(tx.now)
    tx.opportunities.save(opportunity)


def unsell_in(tx: SalesSession, opportunity_id: str | None) -> None:
    """An order of it is cancelled or deleted, closed as it may be; written for the same reason."""
    opportunity = tx.opportunities.find(opportunity_id) if opportunity_id else None
    if opportunity is not None:
        tx.opportunities.save(opportunity)


def owner_of(data: Data) -> tuple[str, str]:
    """The field and the id that a list is asked for by; raises Invalid("owner_missing")."""
    for field in ("attendance_id", "person_id"):
        if data[field] is not None:
            return field, data[field]
    raise Invalid("owner_missing", "Informe a pessoa ou o atendimento.")
