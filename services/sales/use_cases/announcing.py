"""What sales announces of an opportunity, once it is saved."""

from __future__ import annotations

from typing import Any

from services.sales import contract
from services.sales.domain import Opportunity
from services.sales.store import SalesSession


def created(tx: SalesSession, opportunity: Opportunity, person_name: str) -> None:
    data = {**_told(opportunity), "person_name": person_name}
    tx.publish(contract.OPPORTUNITY_CREATED, opportunity.id, opportunity.version, **data)


def changed(tx: SalesSession, opportunity: Opportunity, renamed: bool = False) -> None:
    """Saves the next version, and announces it."""
    tx.opportunities.save(opportunity)
    data = {
        **_told(opportunity),
        "customer_status": opportunity.customer_status,
        "markers": opportunity.markers,
        "renamed": renamed,
        "archived": opportunity.archived_at is not None,
    }
    tx.publish(contract.OPPORTUNITY_CHANGED, opportunity.id, opportunity.version, **data)


def deleted(tx: SalesSession, opportunity: Opportunity) -> None:
    """Its last version is the one after the last saved."""
    tx.publish(contract.OPPORTUNITY_DELETED, opportunity.id, opportunity.version + 1, **_named(opportunity))


def _named(opportunity: Opportunity) -> dict[str, Any]:
    return {
        "opportunity_id": opportunity.id,
        "attendance_id": opportunity.attendance_id,
        "person_id": opportunity.person_id,
    }


def _told(opportunity: Opportunity) -> dict[str, Any]:
    return {
        **_named(opportunity),
        "description": opportunity.description,
        "stage_id": opportunity.stage_id,
        "contact_date": opportunity.contact_date,
        "responsible_id": opportunity.responsible_id,
        "amount": opportunity.amount,
        "currency": opportunity.currency,
    }
