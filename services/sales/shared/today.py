"""The current day in the company's time zone."""

from __future__ import annotations

import datetime as dt

from services.sales.session import SalesSession


def today(session: SalesSession) -> dt.date:
    return session.zone.today(session.now)
