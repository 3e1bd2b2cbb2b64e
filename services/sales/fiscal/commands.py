"""Changing the fiscal settings of a company: the issuer, its certificate, contingency (row S22)."""

from __future__ import annotations

import base64
from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Invalid
from services.chassis.handling.entrypoints import command
from services.sales.fiscal import contract
from services.sales.fiscal.certificate import Certificate
from services.sales.fiscal.presenting import NO_CERTIFICATE, present_settings, safe
from services.sales.nfe.model.text import fitted
from services.sales.session import SalesSession
from services.sales.shared.users import acting_user

Data = dict[str, Any]

SHORTEST_REASON = 15


@command(
    takes=contract.ChangeFiscalSettings, gives=contract.FiscalSettings, needs="sales.configure", section=CONFIGURATION
)
def change_fiscal_settings(tx: SalesSession, data: Data) -> Data:
    """Raises Invalid("city_unknown"), Conflict: nfe_number_used, nfe_series_missing."""
    next_number = data.pop("next_number", None)
    settings = tx.fiscal.save_settings(tx.fiscal.settings().changed(data))
    if next_number is not None:
        tx.fiscal.begin_numbers(settings.environment, settings.series, next_number)
    return present_settings(tx, settings)


@command(takes=contract.EnterContingency, gives=contract.FiscalSettings, needs="sales.configure", section=CONFIGURATION)
def enter_contingency(tx: SalesSession, data: Data) -> Data:
    """Issues NF-e in contingency from now on. Raises Conflict("contingency_active"), Invalid("reason_invalid")."""
    reason = fitted(data["reason"], 256)
    if len(reason) < SHORTEST_REASON:
        detail = f"O motivo tem de {SHORTEST_REASON} a 256 letras latinas."
        raise Invalid("reason_invalid", detail, fields={"reason": [detail]})
    entered = tx.fiscal.settings().enter_contingency(reason, acting_user(tx), tx.now)
    return present_settings(tx, tx.fiscal.save_settings(entered))


@command(takes=contract.LeaveContingency, gives=contract.FiscalSettings, needs="sales.configure", section=CONFIGURATION)
def leave_contingency(tx: SalesSession, data: Data) -> Data:
    """Issues NF-e by the state's own authority again. Raises Conflict("contingency_inactive")."""
    return present_settings(tx, tx.fiscal.save_settings(tx.fiscal.settings().leave_contingency()))


@command(
    takes=contract.PutFiscalCertificate,
    gives=contract.FiscalCertificate,
    needs="sales.configure",
    section=CONFIGURATION,
    secret=True,
)
def put_fiscal_certificate(tx: SalesSession, data: Data) -> Data:
    """Raises Invalid: certificate_unreadable, certificate_expired, certificate_of_another_company;
    Conflict("certificate_unstorable") where the installation has no key to keep it under."""
    try:
        file = base64.b64decode(data["pkcs12"], validate=True)
    except ValueError as error:
        detail = "Envie o arquivo em base64."
        raise Invalid("certificate_unreadable", detail, fields={"pkcs12": [detail]}) from error
    kept = _certificate_to_change(tx)
    certificate = Certificate.read(file, data["password"])
    certificate.refuse_unfit(tx.fiscal.settings().cnpj, tx.now)
    description, version = certificate.description(), kept["version"] if kept else 0
    tx.fiscal.put_certificate(safe().seal(tx.company, file, data["password"]), description, version)
    return {"present": True, "version": version + 1, **description}


@command(
    takes=contract.GetFiscalCertificate,
    gives=contract.FiscalCertificate,
    needs="sales.configure",
    section=CONFIGURATION,
)
def remove_fiscal_certificate(tx: SalesSession, data: Data) -> Data:
    if _certificate_to_change(tx) is None:
        tx.compare_missing()
    tx.fiscal.remove_certificate()
    return NO_CERTIFICATE


def _certificate_to_change(tx: SalesSession) -> Data | None:
    """The stored one, in the version that the caller saw: the company's settings have a version of their own."""
    tx.expect_version_of(tx.fiscal.certificate_id)
    return tx.fiscal.certificate_to_change()
