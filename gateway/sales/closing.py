"""Closing an opportunity as won or lost, and reopening it (rows S15, S16).

A supervisor's approval comes in X-Supervisor-Grant, for `sales.close_opportunity_as_won`,
`sales.close_opportunity_as_lost`, or `sales.reopen_opportunity`.
"""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.document.headers import GRANT
from gateway.http.requests import send_command
from services.sales.closing import contract as closing_contract
from services.sales.opportunities import contract as opportunities_contract

blp = JsonBlueprint("closing", __name__, url_prefix="/v1", description="Encerramento do contato de venda")

ONE = "/opportunities/<string:opportunity_id>"
PATH = ("opportunity_id",)


@blp.post(f"{ONE}/close-as-won")
@blp.honours(GRANT)
@blp.summary("Encerra um contato de venda como ganho", "Os itens viram uma venda e, se recorrentes, um contrato.")
@needs("sales.write")
@blp.arguments(closing_contract.CloseAsWon(exclude=PATH))
@blp.response(200, closing_contract.ClosedOpportunity)
@refuses(blp, 404, 409, 412)
def close_opportunity_as_won(data: dict[str, Any], opportunity_id: str) -> Any:
    """Row S15: the sale becomes an order, and contracts for what recurs and for what was sold as surplus.

    Where quotes were approved, their orders are the sale: `items` are what was sold beyond it. Where the company
    demands it, with a supervisor's grant for `sales.close_opportunity_as_won`.
    """
    path = {"opportunity_id": opportunity_id}
    return send_command("sales", "close_opportunity_as_won", closing_contract.CloseAsWon, data, **path)


@blp.post(f"{ONE}/close-as-lost")
@blp.honours(GRANT)
@blp.summary("Encerra um contato de venda como perdido")
@needs("sales.write")
@blp.arguments(closing_contract.CloseAsLost(exclude=PATH))
@blp.response(200, opportunities_contract.Opportunity)
@refuses(blp, 404, 409, 412)
def close_opportunity_as_lost(data: dict[str, Any], opportunity_id: str) -> Any:
    """Row S15: with a reason of /v1/lost-reasons; what was offered cannot be approved any more.

    Where the company demands it, with a supervisor's grant for `sales.close_opportunity_as_lost`.
    """
    path = {"opportunity_id": opportunity_id}
    return send_command("sales", "close_opportunity_as_lost", closing_contract.CloseAsLost, data, **path)


@blp.post(f"{ONE}/reopen")
@blp.honours(GRANT)
@blp.summary(
    "Reabre um contato de venda",
    "Recusado se houver excedente vendido ou venda; exige a aprovação de um supervisor.",
)
@needs("sales.write")
@blp.arguments(closing_contract.ReopenOpportunity(exclude=PATH))
@blp.response(200, opportunities_contract.Opportunity)
@refuses(blp, 404, 409, 412)
def reopen_opportunity(data: dict[str, Any], opportunity_id: str) -> Any:
    """Row S16: with a supervisor's grant for `sales.reopen_opportunity`.

    Refused where surplus was sold, and while an order is there, cancelled or not; the refusal names it.
    """
    path = {"opportunity_id": opportunity_id}
    return send_command("sales", "reopen_opportunity", closing_contract.ReopenOpportunity, data, **path)
