"""The closings and reopenings of an opportunity, and the reasons of losing (rows S15, S16, S21)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.sales.closing import contract
from services.sales.closing.model import LOST_REASONS
from services.sales.session import SalesSession

Data = dict[str, Any]


@query(takes=contract.ListTurns, gives=contract.TurnPage, needs="sales.read", section="opportunities")
def list_turns(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("opportunity_not_found")."""
    session.opportunities.get(data["opportunity_id"])
    return session.status_changes.of_opportunity(**data)


@query(takes=contract.ListLostReasons, gives=contract.LostReasonList, needs="sales.read", section=CONFIGURATION)
def list_lost_reasons(session: SalesSession, data: Data) -> Data:
    return {"items": [{"code": code, "name": name} for code, name in LOST_REASONS.items()]}
