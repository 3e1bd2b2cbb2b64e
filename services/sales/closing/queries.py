"""The closings and reopenings of an opportunity (rows S15, S16, S21)."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.sales.closing import contract
from services.sales.session import SalesSession

Data = dict[str, Any]


@query(takes=contract.ListTurns, gives=contract.TurnPage, needs="sales.read", section="opportunities")
def list_turns(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("opportunity_not_found")."""
    session.opportunities.get(data["opportunity_id"])
    return session.status_changes.of_opportunity(**data)
