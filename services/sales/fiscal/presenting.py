"""Fiscal settings as they are answered, and the safe of certificates."""

from __future__ import annotations

from typing import Any

from environs import Env

from services.sales.fiscal.certificate import Safe
from services.sales.fiscal.model import FiscalSettings
from services.sales.session import SalesSession

Data = dict[str, Any]

NO_CERTIFICATE: Data = {"present": False, "version": 0}


def safe() -> Safe:
    """The safe with the installation's keys (VINCULO_SECRET_KEYS); without keys it refuses to store."""
    return Safe(Env().list("VINCULO_SECRET_KEYS", []) or [])


def present_settings(session: SalesSession, settings: FiscalSettings) -> Data:
    last = session.fiscal.last_number(settings.environment, settings.series)
    return {**vars(settings), "next_number": None if last is None else last + 1}
