"""The conversation in which something is sold: finding it, and recording a sale in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Invalid
from services.sales.opportunities.model import Opportunity
from services.sales.session import SalesSession

Data = dict[str, Any]


@dataclass(frozen=True)
class Conversation:
    """Where something is sold: an attendance, which may be an opportunity's conversation."""

    person_id: str
    attendance_id: str | None
    opportunity_id: str | None


def conversation_of(tx: SalesSession, attendance_id: str | None, opportunity_id: str | None) -> Conversation | None:
    """The conversation of an opportunity, or else of an attendance, in which a quote or order is made; None for
    neither.

    Raises NotFound("opportunity_not_found" or "attendance_not_found"), Conflict("opportunity_closed" or
    "opportunity_archived").
    """
    if opportunity_id is not None:
        return _of_opportunity(tx, tx.opportunities.get(opportunity_id))
    if attendance_id is None:
        return None
    person_id = tx.attendances.get(attendance_id)["person_id"]
    opportunity = tx.opportunities.of_conversation(attendance_id)
    return _of_opportunity(tx, opportunity) if opportunity else Conversation(person_id, attendance_id, None)


def _of_opportunity(tx: SalesSession, opportunity: Opportunity) -> Conversation:
    register_sale_in(tx, opportunity)
    return Conversation(opportunity.person_id, opportunity.attendance_id, opportunity.id)


def register_sale_in(tx: SalesSession, opportunity: Opportunity) -> None:
    """Notes a sale as an interaction with the opportunity; a closing at the same moment conflicts, and one is retried.

    Raises Conflict("opportunity_closed" or "opportunity_archived").
    """
    opportunity.must_be_open()
    opportunity.interacted(tx.now)
    tx.opportunities.save(opportunity)


def register_cancellation_in(tx: SalesSession, opportunity_id: str | None) -> None:
    """Saves the opportunity whose order is cancelled or deleted, so that a closing at the same moment conflicts."""
    opportunity = tx.opportunities.find(opportunity_id) if opportunity_id else None
    if opportunity is not None:
        tx.opportunities.save(opportunity)


def owner_of(data: Data) -> tuple[str, str]:
    """The field and id (of an attendance or a person) that a list is of; raises Invalid("owner_missing")."""
    for field in ("attendance_id", "person_id"):
        if data[field] is not None:
            return field, data[field]
    raise Invalid("owner_missing", "Informe a pessoa ou o atendimento.")
