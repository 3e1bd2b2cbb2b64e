"""Contracts of a person (row S17)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.sales.contracts import contract
from services.sales.receivables import contract as receivables_contract

blp = JsonBlueprint("contracts", __name__, url_prefix="/v1", description="Contratos")


@blp.get("/persons/<string:person_id>/contracts")
@blp.summary("Lista os contratos de uma pessoa")
@needs("sales.read")
@blp.arguments(contract.ListContracts(exclude=("person_id",)), location="query")
@blp.response(200, contract.ContractPage)
@refuses(blp)
def list_contracts(data: dict[str, Any], person_id: str) -> Any:
    """`kind`, `billing` and `status` may be repeated: each lists records with any of its values."""
    return send_query("sales", "list_contracts", {**data, "person_id": person_id})


@blp.put("/persons/<string:person_id>/contracts/<string:external_id>")
@blp.summary("Grava um contrato de outro sistema", "Pelo id dele lá: gravado de novo, é o mesmo contrato.")
@needs("sales.write")
@blp.arguments(contract.PutContract(exclude=("person_id", "external_id")))
@blp.response(200, contract.Contract)
@refuses(blp, 404, 409)
def put_contract(data: dict[str, Any], person_id: str, external_id: str) -> Any:
    """Stores another system's contract under that system's id; repeated, it changes the same contract."""
    path = {"person_id": person_id, "external_id": external_id}
    return send_command("sales", "put_contract", contract.PutContract, data, **path)


@blp.get("/contracts/billing-preview")
@blp.summary("Simula o faturamento dos contratos", "O que seria faturado até o dia; nada é gravado.")
@needs("sales.read")
@blp.arguments(contract.PreviewBilling, location="query")
@blp.response(200, contract.BillingPreview)
@refuses(blp)
def get_billing_preview(data: dict[str, Any]) -> Any:
    """What would be billed by a day, for whom and why, with totals; nothing is changed."""
    return send_query("sales", "get_billing_preview", data, contract.PreviewBilling)


@blp.get("/contracts/<string:contract_id>")
@blp.summary("Lê um contrato")
@needs("sales.read")
@blp.response(200, contract.Contract)
@refuses(blp, 404)
def get_contract(contract_id: str) -> Any:
    return send_query("sales", "get_contract", {"id": contract_id})


@blp.post("/contracts/<string:contract_id>/suspend")
@blp.summary("Suspende um contrato")
@needs("sales.write")
@blp.arguments(contract.ChangeContractStatus(only=("reason",)))
@blp.response(200, contract.Contract)
@refuses(blp, 404, 409, 412)
def suspend_contract(data: dict[str, Any], contract_id: str) -> Any:
    return send_command("sales", "suspend_contract", contract.ChangeContractStatus, data, contract_id=contract_id)


@blp.post("/contracts/<string:contract_id>/resume")
@blp.summary("Retoma um contrato suspenso")
@needs("sales.write")
@blp.response(200, contract.Contract)
@refuses(blp, 404, 409, 412)
def resume_contract(contract_id: str) -> Any:
    return send_command("sales", "resume_contract", contract.ResumeContract, {}, contract_id=contract_id)


@blp.post("/contracts/<string:contract_id>/stop")
@blp.summary("Para um contrato", "Um contrato parado não pode ser retomado.")
@needs("sales.write")
@blp.arguments(contract.ChangeContractStatus(only=("reason",)))
@blp.response(200, contract.Contract)
@refuses(blp, 404, 409, 412)
def stop_contract(data: dict[str, Any], contract_id: str) -> Any:
    """A stopped contract cannot be resumed."""
    return send_command("sales", "stop_contract", contract.ChangeContractStatus, data, contract_id=contract_id)


@blp.post("/contracts/<string:contract_id>/periods/<string:period>/bill")
@blp.summary("Cobra de novo um mês de um contrato", "À mão, depois de cancelado o título daquele mês.")
@needs("sales.supervise")
@blp.arguments(contract.BillPeriod(only=("amount", "due_on")))
@blp.response(201, receivables_contract.Receivable, at="/v1/receivables/{id}")
@refuses(blp, 404, 409, 412)
def bill_period(data: dict[str, Any], contract_id: str, period: str) -> Any:
    path = {"contract_id": contract_id, "period": period}
    return send_command("sales", "bill_period", contract.BillPeriod, data, **path)
