"""The company's reasons of a loss, read (row S15)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.sales.lost_reasons import contract
from services.sales.session import SalesSession

Data = dict[str, Any]


@query(takes=contract.ListLostReasons, gives=contract.LostReasonList, needs="sales.read", section=CONFIGURATION)
def list_lost_reasons(session: SalesSession, data: Data) -> Data:
    reasons = session.configuration.lost_reasons()
    items = reasons.items if data["include_archived"] else reasons.choosable
    return {"items": items, "version": reasons.version}
