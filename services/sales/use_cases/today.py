"""The company's calendar: what day it is there (product.md, decision 7)."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from services.sales.store import SalesSession

# Until companies carry their own zone (row P9), the zone of Brasília.
ZONE = ZoneInfo("America/Sao_Paulo")


def today(session: SalesSession) -> dt.date:
    return session.now.astimezone(ZONE).date()
