"""The company's calendar: what day it is there."""

from __future__ import annotations

import datetime as dt

from services.sales.session import SalesSession


def today(session: SalesSession) -> dt.date:
    return session.zone.today(session.now)
