"""NF-e of orders, and what a company sets for them (row S22)."""

from __future__ import annotations

from typing import Any

from flask import Response

from gateway import danfe
from gateway.access import needs
from gateway.asking import ask, order, order_secretly
from gateway.blueprints.documents import JsonBlueprint, PageQuery, refuses
from gateway.files import saved
from services.chassis.errors import Conflict
from services.chassis.inputs import Choice, Line
from services.sales import contract

blp = JsonBlueprint("nfe", __name__, url_prefix="/v1", description="NF-e")


class NfeQuery(PageQuery):
    status = Choice(contract.NFE_STATUSES, load_default=None)


class ProductQuery(PageQuery):
    product = Line(60, load_default=None)


@blp.get("/orders/<string:order_id>/nfe-data")
@needs("sales.read")
@blp.response(200, contract.NfeData)
@refuses(blp, 404, 409)
def get_nfe_data(order_id: str) -> Any:
    """What the order's NF-e will say; and what it lacks, with where to complete it."""
    return ask("sales", "get_nfe_data", {"id": order_id})


@blp.post("/orders/<string:order_id>/nfe")
@needs("sales.write")
@blp.arguments(contract.RequestNfe(exclude=("order_id",)))
@blp.response(201, contract.Nfe)
@refuses(blp, 404, 409)
def request_nfe(data: dict[str, Any], order_id: str) -> Any:
    """Incomplete, with what it lacks; or built, and handed over where the company has a certificate."""
    return order("sales", "request_nfe", contract.RequestNfe, data, order_id=order_id)


@blp.get("/nfe")
@needs("sales.read")
@blp.arguments(NfeQuery, location="query")
@blp.response(200, contract.NfePage)
@refuses(blp)
def list_nfes(data: dict[str, Any]) -> Any:
    """Of the company, newest first."""
    return ask("sales", "list_nfes", data)


@blp.get("/nfe/<string:nfe_id>")
@needs("sales.read")
@blp.response(200, contract.Nfe)
@refuses(blp, 404)
def get_nfe(nfe_id: str) -> Any:
    return ask("sales", "get_nfe", {"id": nfe_id})


@blp.get("/nfe/<string:nfe_id>/xml")
@needs("sales.read")
@blp.file("O documento", "application/xml")
@refuses(blp, 404, 409)
def get_nfe_xml(nfe_id: str) -> Response:
    """The document; once authorised, with its protocol (nfeProc)."""
    found = ask("sales", "get_nfe_xml", {"id": nfe_id})
    body = f'<?xml version="1.0" encoding="UTF-8"?>{found["xml"]}'
    return saved(body.encode(), found["name"], "application/xml; charset=utf-8")


@blp.get("/nfe/<string:nfe_id>/danfe")
@needs("sales.read")
@blp.file("O PDF", "application/pdf")
@refuses(blp, 404, 409)
def print_nfe(nfe_id: str) -> Response:
    """The DANFE that goes with the goods, of an authorised document; of a cancelled one it says so across the page."""
    found = ask("sales", "get_nfe_xml", {"id": nfe_id})
    if not found["authorised"]:
        raise Conflict("nfe_not_authorised", "O DANFE só existe depois que a NF-e foi autorizada.")
    return saved(danfe.as_pdf(found["xml"], found["cancelled"]), f"{found['key']}-danfe.pdf", "application/pdf")


@blp.post("/nfe/<string:nfe_id>/submit")
@needs("sales.write")
@blp.response(200, contract.Nfe)
@refuses(blp, 404, 409)
def submit_nfe(nfe_id: str) -> Any:
    """Built again from today's data: after completing it, after a rejection, or when a certificate was added."""
    return order("sales", "submit_nfe", contract.SubmitNfe, {}, nfe_id=nfe_id)


@blp.post("/nfe/<string:nfe_id>/cancel")
@needs("sales.write")
@blp.arguments(contract.CancelNfe(only=("reason",)))
@blp.response(200, contract.Nfe)
@refuses(blp, 404, 409)
def cancel_nfe(data: dict[str, Any], nfe_id: str) -> Any:
    """Of an authorised one the tax authority is asked, and may refuse."""
    return order("sales", "cancel_nfe", contract.CancelNfe, data, nfe_id=nfe_id)


@blp.get("/fiscal-settings")
@needs("sales.read")
@blp.response(200, contract.FiscalSettings)
@refuses(blp)
def get_fiscal_settings() -> Any:
    return ask("sales", "get_fiscal_settings", {})


@blp.patch("/fiscal-settings")
@needs("sales.configure")
@blp.arguments(contract.ChangeFiscalSettings)
@blp.response(200, contract.FiscalSettings)
@refuses(blp, 409)
def change_fiscal_settings(data: dict[str, Any]) -> Any:
    """The company as issuer; what is not given stays."""
    return order("sales", "change_fiscal_settings", contract.ChangeFiscalSettings, data)


@blp.get("/fiscal-products")
@needs("sales.read")
@blp.arguments(ProductQuery, location="query")
@blp.response(200, contract.FiscalProductPage)
@refuses(blp)
def list_fiscal_products(data: dict[str, Any]) -> Any:
    """All by code, or the one named."""
    return ask("sales", "list_fiscal_products", data)


@blp.put("/fiscal-products")
@needs("sales.configure")
@blp.arguments(contract.PutFiscalProduct)
@blp.response(200, contract.FiscalProduct)
@refuses(blp, 409)
def put_fiscal_product(data: dict[str, Any]) -> Any:
    """Completed once for every order that sells the product; what is not given stays."""
    return order("sales", "put_fiscal_product", contract.PutFiscalProduct, data)


@blp.get("/fiscal-certificate")
@needs("sales.read")
@blp.response(200, contract.FiscalCertificate)
@refuses(blp)
def get_fiscal_certificate() -> Any:
    """Whose it is and until when; never the certificate's key or its password."""
    return ask("sales", "get_fiscal_certificate", {})


@blp.put("/fiscal-certificate")
@needs("sales.configure")
@blp.arguments(contract.PutFiscalCertificate)
@blp.response(200, contract.FiscalCertificate)
@refuses(blp, 409)
def put_fiscal_certificate(data: dict[str, Any]) -> Any:
    """Kept encrypted under the installation's key."""
    return order_secretly("sales", "put_fiscal_certificate", contract.PutFiscalCertificate, data)


@blp.delete("/fiscal-certificate")
@needs("sales.configure")
@blp.response(200, contract.FiscalCertificate)
@refuses(blp)
def remove_fiscal_certificate() -> Any:
    return order("sales", "remove_fiscal_certificate", contract.GetFiscalCertificate, {})
