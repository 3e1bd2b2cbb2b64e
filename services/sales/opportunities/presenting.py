"""Opportunities as they are answered: with their legend, the names behind their ids, and whether they are idle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.sales.opportunities.model import Opportunity
from services.sales.session import SalesSession
from services.sales.shared.today import today

Data = dict[str, Any]


def present_opportunity(session: SalesSession, opportunity: Opportunity) -> Data:
    return present_opportunities(session, [opportunity])[0]


def present_opportunities(session: SalesSession, opportunities: Sequence[Opportunity]) -> list[Data]:
    """Four reads, however many they are; one more where one is lost."""
    day = today(session)
    active_before = session.shown_configuration.settings().active_before(day, session.zone.get())
    stages = {stage.id: stage.name for stage in session.configuration.pipeline().stages}
    markers = session.shown_configuration.markers().items
    names = session.names.of(opportunity.person_id for opportunity in opportunities)
    return [
        {
            **vars(opportunity),
            "person_name": names.get(opportunity.person_id, ""),
            "stage_name": stages.get(opportunity.stage_id, ""),
            "lost_reason_name": _reason_named(session, opportunity),
            "markers": [marker for marker in markers if marker.id in opportunity.markers],
            "legend": opportunity.legend(day),
            "idle": opportunity.idle(day, active_before),
        }
        for opportunity in opportunities
    ]


def present_cards(session: SalesSession, opportunities: Sequence[Opportunity]) -> list[Data]:
    """As a board shows them (board.OpportunityCard)."""
    return [
        {**one, "person": {"id": one["person_id"], "name": one["person_name"]}}
        for one in present_opportunities(session, opportunities)
    ]


def _reason_named(session: SalesSession, opportunity: Opportunity) -> str | None:
    """As the company calls it now; one that something was lost for is not deleted."""
    if opportunity.lost_reason is None:
        return None
    return session.shown_configuration.lost_reasons().name_of(opportunity.lost_reason) or opportunity.lost_reason


def present_page(session: SalesSession, page: Data) -> Data:
    return {**page, "items": present_opportunities(session, page["items"])}
