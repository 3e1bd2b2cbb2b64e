"""The company's sales settings, read (rows S8, S15)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.sales.session import SalesSession
from services.sales.settings import contract
from services.sales.settings.model import Settings

Data = dict[str, Any]


@query(takes=contract.GetSettings, gives=contract.Settings, needs="sales.read", section=CONFIGURATION)
def get_sales_settings(session: SalesSession, data: Data) -> Settings:
    return session.configuration.settings()
