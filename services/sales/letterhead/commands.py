"""The company as its documents show it, set (rows S12, S25)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import command
from services.sales.letterhead import contract
from services.sales.letterhead.model import Letterhead
from services.sales.session import SalesSession

Data = dict[str, Any]


@command(takes=contract.ChangeLetterhead, gives=contract.Letterhead, needs="sales.configure", section=CONFIGURATION)
def change_letterhead(tx: SalesSession, data: Data) -> Letterhead:
    """Raises Invalid("logo_invalid")."""
    letterhead = tx.configuration.letterhead()
    letterhead.change(data)
    tx.configuration.save(letterhead)
    return letterhead
