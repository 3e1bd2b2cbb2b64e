"""NF-e of orders, and the company's fiscal settings (row S22)."""

from __future__ import annotations

from typing import Any

from flask import Response

from gateway.documents.processes import SLOTS
from gateway.http import auth
from gateway.http.access import needs
from gateway.http.blueprint import CountedQuery, JsonBlueprint, PageQuery, refuses
from gateway.http.downloads import as_download
from gateway.http.requests import send_command, send_command_secretly, send_query
from services.chassis.errors import Conflict
from services.chassis.inputs import Choice
from services.sales.corrections import contract as corrections_contract
from services.sales.fiscal import contract as fiscal_contract
from services.sales.nfe import contract as nfe_contract
from services.sales.nfe import danfe
from services.sales.nfe_mails import contract as nfe_mails_contract
from services.sales.voiding import contract as voiding_contract

blp = JsonBlueprint("nfe", __name__, url_prefix="/v1", description="NF-e")


class NfeQuery(CountedQuery):
    status = Choice(nfe_contract.STATUSES, load_default=None, data_key="state")


@blp.get("/orders/<string:order_id>/nfe-data")
@blp.summary("Mostra os dados para a NF-e", "O que falta para emiti-la, e onde completar.")
@needs("sales.read")
@blp.response(200, nfe_contract.NfeData)
@refuses(blp, 404, 409)
def get_nfe_data(order_id: str) -> Any:
    """The content of the order's NF-e, and what is missing, with where to complete it."""
    return send_query("sales", "get_nfe_data", {"id": order_id})


@blp.get("/quotes/<string:quote_id>/nfe-data")
@blp.summary("Mostra os dados para a NF-e de uma proposta", "O que falta para emiti-la ao aprovar, e onde completar.")
@needs("sales.read")
@blp.response(200, nfe_contract.NfeData)
@refuses(blp, 404, 409)
def get_nfe_data_of_quote(quote_id: str) -> Any:
    """The same for the quote's current version, before it becomes an order."""
    return send_query("sales", "get_nfe_data_of_quote", {"id": quote_id})


@blp.post("/orders/<string:order_id>/nfe")
@blp.summary("Pede a NF-e de uma venda")
@needs("sales.write")
@blp.arguments(nfe_contract.RequestNfe(exclude=("order_id",)))
@blp.response(201, nfe_contract.Nfe, at="/v1/nfe/{id}")
@refuses(blp, 404, 409)
def request_nfe(data: dict[str, Any], order_id: str) -> Any:
    """Answers what is missing; or builds the NF-e, and submits it where the company has a certificate."""
    return send_command("sales", "request_nfe", nfe_contract.RequestNfe, data, order_id=order_id)


@blp.get("/nfe")
@blp.summary("Lista as NF-e")
@needs("sales.read")
@blp.arguments(NfeQuery, location="query")
@blp.response(200, nfe_contract.NfePage)
@refuses(blp)
def list_nfes(data: dict[str, Any]) -> Any:
    """Of the company, newest first."""
    return send_query("sales", "list_nfes", data)


@blp.get("/persons/<string:person_id>/nfe")
@blp.summary("Lista as NF-e de uma pessoa")
@needs("sales.read")
@blp.arguments(NfeQuery, location="query")
@blp.response(200, nfe_contract.NfePage)
@refuses(blp, 404)
def list_nfes_of_person(data: dict[str, Any], person_id: str) -> Any:
    return send_query("sales", "list_nfes", {**data, "person_id": person_id})


@blp.post("/nfe/<string:nfe_id>/send")
@blp.summary(
    "Envia uma NF-e autorizada ao cliente",
    "XML e DANFE, ao e-mail principal; na autorização isso acontece sem pedir.",
)
@needs("sales.write")
@blp.response(202, nfe_mails_contract.NfeSending)
@refuses(blp, 404, 409)
def send_nfe(nfe_id: str) -> Any:
    return send_command("sales", "send_nfe", nfe_mails_contract.SendNfe, {}, nfe_id=nfe_id)


@blp.post("/nfe/<string:nfe_id>/corrections")
@blp.summary(
    "Corrige uma NF-e autorizada (carta de correção)",
    "Até 30 dias depois da autorização, 20 cartas por nota; a última vale e consolida as anteriores.",
)
@needs("sales.write")
@blp.arguments(corrections_contract.CorrectNfe(only=("text",)))
@blp.response(201, corrections_contract.Correction)
@refuses(blp, 404, 409, 412)
def correct_nfe(data: dict[str, Any], nfe_id: str) -> Any:
    """The tax authority decides afterwards, and may refuse."""
    return send_command("sales", "correct_nfe", corrections_contract.CorrectNfe, data, nfe_id=nfe_id)


@blp.get("/nfe/<string:nfe_id>/corrections")
@blp.summary("Lista as cartas de correção de uma NF-e", "A última primeiro.")
@needs("sales.read")
@blp.response(200, corrections_contract.CorrectionList)
@refuses(blp, 404)
def list_corrections(nfe_id: str) -> Any:
    return send_query("sales", "list_corrections", {"nfe_id": nfe_id})


@blp.get("/nfe/<string:nfe_id>/corrections/<int:number>/xml")
@blp.summary("Baixa o XML de uma carta de correção")
@needs("sales.read")
@blp.file("O evento com a resposta da SEFAZ", "application/xml")
@refuses(blp, 404)
def get_correction_xml(nfe_id: str, number: int) -> Response:
    return _xml(send_query("sales", "get_correction_xml", {"nfe_id": nfe_id, "number": number}))


@blp.post("/nfe-voidings")
@blp.summary(
    "Inutiliza números de NF-e",
    "Declara à SEFAZ números de uma série, tomados neste ano, que nenhuma nota usa.",
)
@needs("sales.configure")
@blp.arguments(voiding_contract.VoidNumbers)
@blp.response(201, voiding_contract.Voiding, at="/v1/nfe-voidings/{id}")
@refuses(blp, 409)
def void_numbers(data: dict[str, Any]) -> Any:
    return send_command("sales", "void_numbers", voiding_contract.VoidNumbers, data)


@blp.get("/nfe-voidings")
@blp.summary("Lista as inutilizações de números")
@needs("sales.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, voiding_contract.VoidingPage)
@refuses(blp)
def list_voidings(data: dict[str, Any]) -> Any:
    return send_query("sales", "list_voidings", data)


@blp.get("/nfe-voidings/<string:voiding_id>")
@blp.summary("Lê uma inutilização de números")
@needs("sales.read")
@blp.response(200, voiding_contract.Voiding)
@refuses(blp, 404)
def get_voiding(voiding_id: str) -> Any:
    return send_query("sales", "get_voiding", {"voiding_id": voiding_id})


@blp.get("/nfe/<string:nfe_id>")
@blp.summary("Lê uma NF-e")
@needs("sales.read")
@blp.response(200, nfe_contract.Nfe)
@refuses(blp, 404)
def get_nfe(nfe_id: str) -> Any:
    return send_query("sales", "get_nfe", {"id": nfe_id})


@blp.get("/nfe/<string:nfe_id>/xml")
@blp.summary("Baixa o XML de uma NF-e")
@needs("sales.read")
@blp.file("O documento", "application/xml")
@refuses(blp, 404, 409)
def get_nfe_xml(nfe_id: str) -> Response:
    """The document; once authorised, with its protocol (nfeProc)."""
    return _xml(send_query("sales", "get_nfe_xml", {"id": nfe_id}))


def _xml(document: Any) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>{document["xml"]}'
    return as_download(body.encode(), document["name"], "application/xml; charset=utf-8")


@blp.get("/nfe/<string:nfe_id>/danfe")
@blp.summary("Imprime o DANFE (PDF)")
@needs("sales.read")
@blp.file("O PDF", "application/pdf")
@refuses(blp, 404, 409)
def print_nfe(nfe_id: str) -> Response:
    """The DANFE that goes with the goods, of an authorised document; of a cancelled one it says so across the page."""
    document = send_query("sales", "get_nfe_xml", {"id": nfe_id})
    if not document["authorised"]:
        raise Conflict("nfe_not_authorised", "O DANFE só existe depois que a NF-e foi autorizada.")
    with SLOTS.slot(auth.context().company, danfe.SECONDS):
        pdf = danfe.make_in_subprocess(document["xml"], document["cancelled"])
    return as_download(pdf, f"{document['key']}-danfe.pdf", "application/pdf")


@blp.post("/nfe/<string:nfe_id>/submit")
@blp.summary("Transmite de novo uma NF-e")
@needs("sales.write")
@blp.response(200, nfe_contract.Nfe)
@refuses(blp, 404, 409, 412)
def submit_nfe(nfe_id: str) -> Any:
    """Builds it again from the present data: once it was completed, rejected, or a certificate was added."""
    return send_command("sales", "submit_nfe", nfe_contract.SubmitNfe, {}, nfe_id=nfe_id)


@blp.post("/nfe/<string:nfe_id>/cancel")
@blp.summary("Cancela uma NF-e")
@needs("sales.write")
@blp.arguments(nfe_contract.CancelNfe(only=("reason",)))
@blp.response(200, nfe_contract.Nfe)
@refuses(blp, 404, 409, 412)
def cancel_nfe(data: dict[str, Any], nfe_id: str) -> Any:
    """Where it is authorised, the tax authority decides, and may refuse."""
    return send_command("sales", "cancel_nfe", nfe_contract.CancelNfe, data, nfe_id=nfe_id)


@blp.get("/settings/fiscal")
@blp.summary("Lê as configurações fiscais")
@needs("sales.read")
@blp.response(200, fiscal_contract.FiscalSettings)
@refuses(blp)
def get_fiscal_settings() -> Any:
    return send_query("sales", "get_fiscal_settings", {})


@blp.patch("/settings/fiscal")
@blp.summary("Altera as configurações fiscais")
@needs("sales.configure")
@blp.arguments(fiscal_contract.ChangeFiscalSettings)
@blp.response(200, fiscal_contract.FiscalSettings)
@refuses(blp, 409, 412)
def change_fiscal_settings(data: dict[str, Any]) -> Any:
    """Changes the given data of the company as issuer."""
    return send_command("sales", "change_fiscal_settings", fiscal_contract.ChangeFiscalSettings, data)


@blp.put("/settings/fiscal/contingency")
@blp.summary(
    "Entra em contingência",
    "Enquanto a SEFAZ do estado não responde, as novas NF-e vão à SEFAZ Virtual de Contingência.",
)
@needs("sales.configure")
@blp.arguments(fiscal_contract.EnterContingency)
@blp.response(200, fiscal_contract.FiscalSettings)
@refuses(blp, 409, 412)
def enter_contingency(data: dict[str, Any]) -> Any:
    return send_command("sales", "enter_contingency", fiscal_contract.EnterContingency, data)


@blp.delete("/settings/fiscal/contingency")
@blp.summary("Sai da contingência", "As novas NF-e voltam à SEFAZ do estado.")
@needs("sales.configure")
@blp.response(200, fiscal_contract.FiscalSettings)
@refuses(blp, 409, 412)
def leave_contingency() -> Any:
    return send_command("sales", "leave_contingency", fiscal_contract.LeaveContingency, {})


@blp.get("/settings/fiscal-certificate")
@blp.summary("Mostra o certificado digital", "De quem é e até quando vale; nunca a chave nem a senha.")
@needs("sales.read")
@blp.response(200, fiscal_contract.FiscalCertificate)
@refuses(blp)
def get_fiscal_certificate() -> Any:
    """Its holder and its validity; never its key or password."""
    return send_query("sales", "get_fiscal_certificate", {})


@blp.put("/settings/fiscal-certificate")
@blp.honours(secret=True)
@blp.summary("Envia o certificado digital", "Guardado cifrado com a chave da instalação.")
@needs("sales.configure")
@blp.arguments(fiscal_contract.PutFiscalCertificate)
@blp.response(200, fiscal_contract.FiscalCertificate)
@refuses(blp, 409, 412)
def put_fiscal_certificate(data: dict[str, Any]) -> Any:
    """Stored encrypted under the installation's key."""
    return send_command_secretly("sales", "put_fiscal_certificate", fiscal_contract.PutFiscalCertificate, data)


@blp.delete("/settings/fiscal-certificate")
@blp.summary("Remove o certificado digital")
@needs("sales.configure")
@blp.response(200, fiscal_contract.FiscalCertificate)
@refuses(blp, 412)
def remove_fiscal_certificate() -> Any:
    return send_command("sales", "remove_fiscal_certificate", fiscal_contract.GetFiscalCertificate, {})
