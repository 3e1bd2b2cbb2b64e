"""What a company has set for its NF-e (row S22)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.sales.fiscal import contract
from services.sales.fiscal.presenting import NO_CERTIFICATE, present_settings
from services.sales.fiscal.repository import FIRST_VERSION
from services.sales.session import SalesSession

Data = dict[str, Any]


@query(takes=contract.GetFiscalSettings, gives=contract.FiscalSettings, needs="sales.read", section=CONFIGURATION)
def get_fiscal_settings(session: SalesSession, data: Data) -> Data:
    return present_settings(session, session.fiscal.settings())


@query(takes=contract.GetFiscalCertificate, gives=contract.FiscalCertificate, needs="sales.read", section=CONFIGURATION)
def get_fiscal_certificate(session: SalesSession, data: Data) -> Data:
    kept = session.fiscal.certificate()
    return {"present": True, "version": kept.get("version", FIRST_VERSION), **kept["shown"]} if kept else NO_CERTIFICATE
