"""What a company sets for its NF-e: itself as issuer, its products' fiscal data, its certificate (row S22)."""

from __future__ import annotations

import base64
from typing import Any

from environs import Env

from services.chassis.entrypoints import command, query
from services.chassis.errors import Invalid
from services.chassis.sections import CONFIGURATION
from services.sales import contract
from services.sales.domain.nfe.settings import FiscalSettings
from services.sales.fiscal.certificate import Certificate, Safe
from services.sales.store import SalesSession

Data = dict[str, Any]


@query(takes=contract.GetFiscalSettings, gives=contract.FiscalSettings, needs="sales.read", section=CONFIGURATION)
def get_fiscal_settings(session: SalesSession, data: Data) -> Data:
    return shown_settings(session, session.fiscal.settings())


@command(
    takes=contract.ChangeFiscalSettings, gives=contract.FiscalSettings, needs="sales.configure", section=CONFIGURATION
)
def change_fiscal_settings(tx: SalesSession, data: Data) -> Data:
    """Raises Invalid("city_unknown"), Conflict: nfe_number_used, nfe_series_missing."""
    next_number = data.pop("next_number", None)
    settings = tx.fiscal.save_settings(tx.fiscal.settings().changed(data))
    if next_number is not None:
        tx.fiscal.begin_numbers(settings.environment, settings.series, next_number)
    return shown_settings(tx, settings)


@command(takes=contract.PutFiscalProduct, gives=contract.FiscalProduct, needs="sales.configure", section=CONFIGURATION)
def put_fiscal_product(tx: SalesSession, data: Data) -> Any:
    """Once for every order that sells the product. Its code stays as it was first written."""
    return tx.fiscal.save_product(tx.fiscal.product(data.pop("product")).changed(data))


@query(takes=contract.ListFiscalProducts, gives=contract.FiscalProductPage, needs="sales.read", section=CONFIGURATION)
def list_fiscal_products(session: SalesSession, data: Data) -> Data:
    if data["product"] is None:
        return session.fiscal.page_of_products(data["limit"], data["cursor"])
    return {"items": list(session.fiscal.products([data["product"]]).values()), "next_cursor": None}


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
    certificate = Certificate.read(file, data["password"])
    certificate.refuse_unfit(tx.fiscal.settings().cnpj, tx.now)
    shown = certificate.shown()
    tx.fiscal.put_certificate(safe().sealed(tx.company, file, data["password"]), shown)
    return {"present": True, **shown}


@query(takes=contract.GetFiscalCertificate, gives=contract.FiscalCertificate, needs="sales.read", section=CONFIGURATION)
def get_fiscal_certificate(session: SalesSession, data: Data) -> Data:
    kept = session.fiscal.certificate()
    return {"present": True, **kept["shown"]} if kept else {"present": False}


@command(
    takes=contract.GetFiscalCertificate,
    gives=contract.FiscalCertificate,
    needs="sales.configure",
    section=CONFIGURATION,
)
def remove_fiscal_certificate(tx: SalesSession, data: Data) -> Data:
    tx.fiscal.remove_certificate()
    return {"present": False}


def safe() -> Safe:
    """Under the installation's keys, from the environment; without any, nothing can be kept."""
    return Safe(Env().list("VINCULO_SECRET_KEYS", []) or [])


def shown_settings(session: SalesSession, settings: FiscalSettings) -> Data:
    last = session.fiscal.last_number(settings.environment, settings.series)
    return {**vars(settings), "next_number": None if last is None else last + 1}
