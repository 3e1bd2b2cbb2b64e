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
    """The fields of contract.Opportunity for each, by at most five reads in all."""
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
            "lost_reason_name": _lost_reason_name(session, opportunity),
            "markers": [marker for marker in markers if marker.id in opportunity.markers],
            "legend": opportunity.legend(day),
            "idle": opportunity.idle(day, active_before),
        }
        for opportunity in opportunities
    ]


def present_cards(session: SalesSession, opportunities: Sequence[Opportunity]) -> list[Data]:
    """The fields of board.OpportunityCard for each."""
    return [
        {**card, "person": {"id": card["person_id"], "name": card["person_name"]}}
        for card in present_opportunities(session, opportunities)
    ]


def _lost_reason_name(session: SalesSession, opportunity: Opportunity) -> str | None:
    """The current name of the reason of the loss, which cannot be deleted while it is used."""
    if opportunity.lost_reason is None:
        return None
    return session.shown_configuration.lost_reasons().name_of(opportunity.lost_reason) or opportunity.lost_reason


def present_page(session: SalesSession, page: Data) -> Data:
    return {**page, "items": present_opportunities(session, page["items"])}
