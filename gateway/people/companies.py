"""The signed-in company, and the record of what was done to its access (row P9)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_command, send_query
from services.chassis.inputs import Id
from services.people.access import contract as access_contract
from services.people.companies import contract as companies_contract

blp = JsonBlueprint("companies", __name__, url_prefix="/v1", description="Empresa")


class AuditQuery(PageQuery):
    about = Id(minimum=0, load_default=None)


@blp.get("/company")
@blp.summary("Lê a empresa")
@needs("people.read")
@blp.response(200, companies_contract.Company)
@refuses(blp)
def get_company() -> Any:
    return send_query("people", "get_company", {})


@blp.patch("/company")
@blp.summary("Altera a empresa", "Nome, fuso horário (IANA) e configurações; o que não é enviado permanece.")
@needs("people.administer")
@blp.arguments(companies_contract.ChangeCompany)
@blp.response(200, companies_contract.Company)
@refuses(blp, 409, 412)
def change_company(data: dict[str, Any]) -> Any:
    """Changes the given ones of name, time zone (IANA) and settings."""
    return send_command("people", "change_company", companies_contract.ChangeCompany, data)


@blp.get("/access-audit")
@blp.summary(
    "Lista a auditoria de acessos",
    "Entradas e atos administrativos, os mais recentes primeiro: quem, o quê, a quem, quando.",
)
@needs("people.administer")
@blp.arguments(AuditQuery, location="query")
@blp.response(200, access_contract.AccessAuditPage)
@refuses(blp)
def list_access_audit(data: dict[str, Any]) -> Any:
    """Sign-ins and administrative acts, newest first: who, what, to whom, when."""
    return send_query("people", "list_access_audit", data)
