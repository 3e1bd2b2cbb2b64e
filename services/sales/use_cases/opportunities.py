"""Opportunities: creating and listing (rows S1, S2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.schemas import ById
from services.sales import contract
from services.sales.domain import Opportunity
from services.sales.store import SalesSession


@command(takes=contract.CreateOpportunity, gives=contract.Opportunity, needs="sales.write")
def create_opportunity(tx: SalesSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row S1; raises NotFound("person_not_found"). Attendance opens the conversation when it hears of it."""
    data["person_id"] = tx.persons.get(data["person_id"])["_id"]
    opportunity = Opportunity.create(id=tx.new_id(), company=tx.company, now=tx.now, zone=tx.zone.get(), **data)
    tx.opportunities.add(opportunity)
    tx.publish(
        contract.OPPORTUNITY_CREATED,
        opportunity.id,
        opportunity.version,
        opportunity_id=opportunity.id,
        attendance_id=opportunity.attendance_id,
        person_id=opportunity.person_id,
        description=opportunity.description,
    )
    return _shown(opportunity, _today(tx))


@query(takes=ById, gives=contract.Opportunity, needs="sales.read")
def get_opportunity(session: SalesSession, data: dict[str, Any]) -> dict[str, Any]:
    return _shown(session.opportunities.get(data["id"]), _today(session))


@query(takes=contract.ListOpportunities, gives=contract.OpportunityPage, needs="sales.read")
def list_opportunities(session: SalesSession, data: dict[str, Any]) -> dict[str, Any]:
    """Row S2: each with its legend."""
    found, today = session.opportunities.page(**data), _today(session)
    return {**found, "items": [_shown(item, today) for item in found["items"]]}


def _today(session: SalesSession) -> dt.date:
    return session.zone.today(session.now)


def _shown(opportunity: Opportunity, today: dt.date) -> dict[str, Any]:
    return {**asdict(opportunity), "legend": opportunity.legend(today)}
