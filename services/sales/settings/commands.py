"""The company's sales settings, changed (rows S8, S15)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import command
from services.sales.session import SalesSession
from services.sales.settings import contract
from services.sales.settings.model import Settings

Data = dict[str, Any]


@command(takes=contract.ChangeSettings, gives=contract.Settings, needs="sales.configure", section=CONFIGURATION)
def change_sales_settings(tx: SalesSession, data: Data) -> Settings:
    """Only what is given changes."""
    settings = tx.configuration.settings()
    for name, value in data.items():
        setattr(settings, name, value)
    tx.configuration.save(settings)
    return settings
