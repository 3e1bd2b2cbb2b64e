"""Publishing the events of an opportunity."""

from __future__ import annotations

from typing import Any

from services.sales import events
from services.sales.opportunities.model import Opportunity
from services.sales.session import SalesSession


def announce_created(tx: SalesSession, opportunity: Opportunity, person_name: str) -> None:
    data = {**_facts_of(opportunity), "person_name": person_name}
    tx.publish(events.OPPORTUNITY_CREATED, opportunity.id, opportunity.version, **data)


def save_and_announce(tx: SalesSession, opportunity: Opportunity, renamed: bool = False) -> None:
    """Saves the next version, and publishes opportunity_changed: as a minor event, unless the name has changed."""
    tx.opportunities.save(opportunity)
    data = {
        **_facts_of(opportunity),
        "customer_status": opportunity.customer_status,
        "markers": opportunity.markers,
        "renamed": renamed,
        "archived": opportunity.archived_at is not None,
    }
    tx.publish(events.OPPORTUNITY_CHANGED.minor_if(not renamed), opportunity.id, opportunity.version, **data)


def announce_deleted(tx: SalesSession, opportunity: Opportunity) -> None:
    """Publishes opportunity_deleted, with the version after the last saved one."""
    tx.publish(events.OPPORTUNITY_DELETED, opportunity.id, opportunity.version + 1, **ids_of(opportunity))


def ids_of(opportunity: Opportunity) -> dict[str, Any]:
    return {
        "opportunity_id": opportunity.id,
        "attendance_id": opportunity.attendance_id,
        "person_id": opportunity.person_id,
    }


def _facts_of(opportunity: Opportunity) -> dict[str, Any]:
    return {
        **ids_of(opportunity),
        "description": opportunity.description,
        "stage_id": opportunity.stage_id,
        "contact_date": opportunity.contact_date,
        "responsible_id": opportunity.responsible_id,
        "amount": opportunity.amount,
        "currency": opportunity.currency,
    }
