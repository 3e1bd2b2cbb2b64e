"""The company as its documents show it, read (rows S12, S25)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.sales.letterhead import contract
from services.sales.letterhead.model import Letterhead
from services.sales.session import SalesSession

Data = dict[str, Any]


@query(takes=contract.GetLetterhead, gives=contract.Letterhead, needs="sales.read", section=CONFIGURATION)
def get_letterhead(session: SalesSession, data: Data) -> Letterhead:
    return session.configuration.letterhead()
