"""Actions of opportunities, the timeline, and the report that counts actions."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_command, send_query
from gateway.sales import action_report
from gateway.views import timeline
from services.chassis.inputs import Choice
from services.chassis.references import Who
from services.chassis.schemas import Result
from services.sales.actions import contract

blp = JsonBlueprint("actions", __name__, url_prefix="/v1", description="Ações dos contatos de venda")

OF_OPPORTUNITY = "/opportunities/<string:opportunity_id>"


class TimelineItem(Result):
    """`type`: action, entry, quote, order or sending; `kind`: of an action or entry, else quote, sale, purchase, email.

    `record`: the whole record, as its own list has it.
    """

    type = Choice(timeline.TYPES)
    kind = Choice(timeline.KINDS)
    id = fields.String()
    at = fields.DateTime()
    by = fields.Nested(Who)
    text = fields.String()
    record = fields.Dict()


class Timeline(Result):
    """Newest first. `unavailable`: parts that did not answer; `withheld`: parts the user may not see."""

    items = fields.List(fields.Nested(TimelineItem))
    next_cursor = fields.String(allow_none=True)
    unavailable = fields.List(fields.String())
    withheld = fields.List(fields.String())


@blp.get(f"{OF_OPPORTUNITY}/timeline")
@blp.summary(
    "Mostra a linha do tempo de um contato de venda",
    "Ações, e-mails, mensagens, notas, propostas, vendas e compras.",
)
@needs("sales.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, Timeline)
@refuses(blp, 404)
def get_opportunity_timeline(data: dict[str, Any], opportunity_id: str) -> Any:
    """Row S21: actions, e-mails, messages, notes, quotes, sales and purchases, gathered from sales and attendance."""
    return timeline.of_opportunity(opportunity_id, data["limit"], data["cursor"])


@blp.get("/attendances/<string:attendance_id>/timeline")
@blp.summary("Mostra a linha do tempo de um atendimento", "Pareceres, propostas, vendas e compras.")
@needs("attendance.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, Timeline)
@refuses(blp, 404)
def get_attendance_timeline(data: dict[str, Any], attendance_id: str) -> Any:
    """Row S14: entries, quotes, sales and purchases of an attendance."""
    return timeline.of_attendance(attendance_id, data["limit"], data["cursor"])


@blp.get(f"{OF_OPPORTUNITY}/actions")
@blp.summary("Lista as ações de um contato de venda")
@needs("sales.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.ActionPage)
@refuses(blp, 404)
def list_actions(data: dict[str, Any], opportunity_id: str) -> Any:
    """Row S4."""
    return send_query("sales", "list_actions", {**data, "opportunity_id": opportunity_id})


@blp.post(f"{OF_OPPORTUNITY}/actions")
@blp.summary("Acrescenta uma ação a um contato de venda")
@needs("sales.write")
@blp.arguments(contract.AddAction(exclude=("opportunity_id",)))
@blp.response(201, contract.Action)
@refuses(blp, 404, 409)
def create_action(data: dict[str, Any], opportunity_id: str) -> Any:
    """Row S4: what is to be done, by whom and when, or what was done. The conversation gets it as an entry."""
    return send_command("sales", "add_action", contract.AddAction, data, opportunity_id=opportunity_id)


@blp.get("/actions")
@blp.summary("Lista as ações a fazer", "As mais próximas primeiro; da empresa, de um usuário ou de ninguém.")
@needs("sales.read")
@blp.arguments(contract.ListPendingActions, location="query")
@blp.response(200, contract.CompanyActionPage)
@refuses(blp)
def list_pending_actions(data: dict[str, Any]) -> Any:
    """Row S4: pending actions of the company, of a user or of nobody, the earliest first."""
    return send_query("sales", "list_pending_actions", data, contract.ListPendingActions)


@blp.patch("/actions/<string:action_id>")
@blp.summary("Altera a data ou o responsável de uma ação")
@needs("sales.write")
@blp.arguments(contract.ChangeAction(exclude=("action_id",)))
@blp.response(200, contract.Action)
@refuses(blp, 404, 409, 412)
def change_action(data: dict[str, Any], action_id: str) -> Any:
    """Row S4: changes its day and its assignee."""
    return send_command("sales", "change_action", contract.ChangeAction, data, action_id=action_id)


@blp.put("/actions/<string:action_id>/state")
@blp.summary("Conclui ou cancela uma ação")
@needs("sales.write")
@blp.arguments(contract.SettleAction(exclude=("action_id",)))
@blp.response(200, contract.Action)
@refuses(blp, 404, 409, 412)
def settle_action(data: dict[str, Any], action_id: str) -> Any:
    """Row S4: done or cancelled."""
    return send_command("sales", "settle_action", contract.SettleAction, data, action_id=action_id)


@blp.get("/reports/actions")
@blp.summary("Emite o relatório de ações", "Conta ações, e não contatos de venda; por usuário, estágio e tipo.")
@needs("sales.read")
@blp.arguments(contract.GetActionReport, location="query")
@blp.response(200, contract.ActionReport)
@refuses(blp)
def get_action_report(data: dict[str, Any]) -> Any:
    """Row S10: counts actions, not opportunities; by user, stage and kind."""
    return send_query("sales", "get_action_report", data, contract.GetActionReport)


@blp.get("/reports/actions.csv")
@blp.summary("Baixa o relatório de ações em CSV")
@needs("sales.read")
@blp.arguments(contract.GetActionReport, location="query")
@blp.file("As mesmas linhas, para uma planilha", "text/csv")
@refuses(blp)
def get_action_report_csv(data: dict[str, Any]) -> Response:
    """Row S10."""
    report = send_query("sales", "get_action_report", data, contract.GetActionReport)
    return Response(
        action_report.as_csv(report),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename=acoes-{report['from']}-{report['to']}.csv"},
    )
