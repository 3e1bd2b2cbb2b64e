"""The commission account of the user's own person, its closings, and the rates (row S19)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_command, send_query
from services.sales.commission import contract

blp = JsonBlueprint("commission", __name__, url_prefix="/v1", description="Conta corrente de comissões")

ACCOUNT = "/commission-account"
CLOSING = f"{ACCOUNT}/closings/<string:closing_id>"


@blp.get(f"{ACCOUNT}/entries")
@blp.summary(
    "Lista os lançamentos da conta de comissões",
    "Da própria conta; da de outra pessoa, para quem pode fechá-la.",
)
@needs("sales.read")
@blp.arguments(contract.ListCommissionEntries, location="query")
@blp.response(200, contract.CommissionEntryPage)
@refuses(blp, 404)
def list_commission_entries(data: dict[str, Any]) -> Any:
    """Entries of the own account, or of another one for users who may close accounts."""
    return send_query("sales", "list_commission_entries", data)


@blp.get(f"{ACCOUNT}/items")
@blp.summary("Lista os lançamentos da conta de comissões por item")
@needs("sales.read")
@blp.arguments(contract.ListCommissionByStatus, location="query")
@blp.response(200, contract.CommissionItemPage)
@refuses(blp, 404)
def list_commission_items(data: dict[str, Any]) -> Any:
    """The account's entries by item."""
    return send_query("sales", "list_commission_items", data)


@blp.get(f"{ACCOUNT}/balance")
@blp.summary("Mostra o saldo da conta de comissões", "Da própria conta; da de outra pessoa, para quem pode fechá-la.")
@needs("sales.read")
@blp.arguments(contract.GetCommissionBalance, location="query")
@blp.response(200, contract.CommissionBalance)
@refuses(blp, 404)
def get_commission_balance(data: dict[str, Any]) -> Any:
    """Pending, payable, paid and earned amounts: of the own account, or another for users who may close accounts."""
    return send_query("sales", "get_commission_balance", data)


@blp.get(f"{ACCOUNT}/balances")
@blp.summary("Lista os saldos das contas de comissões", "Para quem pode fechá-las.")
@needs("sales.read")
@blp.arguments(contract.ListCommissionBalances, location="query")
@blp.response(200, contract.CommissionBalancePage)
@refuses(blp)
def list_commission_balances(data: dict[str, Any]) -> Any:
    """The balances of all persons who ever had a commission, for users who may close accounts."""
    return send_query("sales", "list_commission_balances", data)


@blp.get(f"{ACCOUNT}/entries/<string:commission_entry_id>")
@blp.summary("Lê um lançamento da conta de comissões")
@needs("sales.read")
@blp.response(200, contract.CommissionEntry)
@refuses(blp, 404)
def get_commission_entry(commission_entry_id: str) -> Any:
    return send_query("sales", "get_commission_entry", {"id": commission_entry_id})


@blp.get(f"{ACCOUNT}/closings")
@blp.summary("Lista os fechamentos de comissões")
@needs("sales.read")
@blp.arguments(contract.ListCommission, location="query")
@blp.response(200, contract.CommissionClosingPage)
@refuses(blp, 404)
def list_commission_closings(data: dict[str, Any]) -> Any:
    return send_query("sales", "list_commission_closings", data)


@blp.post(f"{ACCOUNT}/closings")
@blp.summary(
    "Fecha a conta de comissões",
    "Tudo o que for devido à pessoa até o dia; um lançamento fechado nunca muda.",
)
@needs("sales.supervise")
@blp.arguments(contract.CloseCommission)
@blp.response(201, contract.CommissionClosing, at="/v1/commission-account/closings/{id}")
@refuses(blp, 404, 409)
def close_commission(data: dict[str, Any]) -> Any:
    """Closes all entries of a person that are payable by the given day; a closed entry is never changed again."""
    return send_command("sales", "close_commission", contract.CloseCommission, data)


@blp.get(CLOSING)
@blp.summary("Lê um fechamento de comissões")
@needs("sales.read")
@blp.response(200, contract.CommissionClosing)
@refuses(blp, 404)
def get_commission_closing(closing_id: str) -> Any:
    return send_query("sales", "get_commission_closing", {"id": closing_id})


@blp.get(f"{CLOSING}/entries")
@blp.summary("Lista os lançamentos de um fechamento")
@needs("sales.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.CommissionEntryPage)
@refuses(blp, 404)
def list_closed_entries(data: dict[str, Any], closing_id: str) -> Any:
    """The entries of a closing."""
    return send_query("sales", "list_closed_entries", {**data, "closing_id": closing_id})


@blp.get("/commission-rates")
@blp.summary("Lista as taxas de comissão")
@needs("sales.configure")
@blp.arguments(contract.ListCommissionRates, location="query")
@blp.response(200, contract.CommissionRatePage)
@refuses(blp)
def list_commission_rates(data: dict[str, Any]) -> Any:
    return send_query("sales", "list_commission_rates", data)


@blp.put("/commission-rates")
@blp.summary("Define uma taxa de comissão", "De um vendedor ou, com precedência, de um produto: há uma de cada.")
@needs("sales.configure")
@blp.arguments(contract.PutCommissionRate)
@blp.response(200, contract.CommissionRate)
@refuses(blp, 404, 409, 412)
def put_commission_rate(data: dict[str, Any]) -> Any:
    """Sets the rate of a seller, or of a product, which takes precedence; each has one at most."""
    return send_command("sales", "put_commission_rate", contract.PutCommissionRate, data)


@blp.delete("/commission-rates/<string:rate_id>")
@blp.summary("Exclui uma taxa de comissão", "As próximas vendas ficam sem ela.")
@needs("sales.configure")
@blp.response(200, contract.DeletedCommissionRate)
@refuses(blp, 404, 412)
def delete_commission_rate(rate_id: str) -> Any:
    """Later orders do not use the rate."""
    return send_command("sales", "delete_commission_rate", contract.DeleteCommissionRate, {}, rate_id=rate_id)
