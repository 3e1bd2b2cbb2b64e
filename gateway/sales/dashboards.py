"""Figures of sales for dashboards. Actions by user are a report of their own (gateway/sales/action_report.py)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_query
from services.sales.dashboards import contract

blp = JsonBlueprint("sales_dashboards", __name__, url_prefix="/v1/dashboards", description="Painéis de vendas")


@blp.get("/outcomes")
@blp.summary(
    "Mostra ganhos e perdas por mês",
    "Pelo dia do encerramento, com o valor em cada moeda e os motivos das perdas; no máximo um ano.",
)
@needs("sales.read")
@blp.arguments(contract.OfUser, location="query")
@blp.response(200, contract.Outcomes)
@refuses(blp)
def get_outcomes(data: dict[str, Any]) -> Any:
    return send_query("sales", "get_outcomes", data, contract.OfUser)


@blp.get("/conversion")
@blp.summary(
    "Mostra a conversão entre os estágios do funil",
    "Dos contatos de venda criados no período: quantos chegaram a cada estágio, e que parte deles ao seguinte.",
)
@needs("sales.read")
@blp.arguments(contract.OfUser, location="query")
@blp.response(200, contract.Conversion)
@refuses(blp)
def get_conversion(data: dict[str, Any]) -> Any:
    return send_query("sales", "get_conversion", data, contract.OfUser)


@blp.get("/receivables")
@blp.summary(
    "Mostra os títulos a receber por mês de vencimento",
    "O que falta receber, o que está vencido e o que foi recebido, em cada moeda; no máximo um ano.",
)
@needs("sales.read")
@blp.arguments(contract.Period, location="query")
@blp.response(200, contract.ReceivablesByMonth)
@refuses(blp)
def get_receivables_by_month(data: dict[str, Any]) -> Any:
    return send_query("sales", "get_receivables_by_month", data, contract.Period)
