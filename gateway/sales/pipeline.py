"""The pipeline: its stages and board; lists of opportunities; markers and settings."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_command, send_query
from services.sales.markers import contract as markers_contract
from services.sales.opportunities import board
from services.sales.opportunities import contract as opportunities_contract
from services.sales.pipeline import contract as pipeline_contract
from services.sales.settings import contract as settings_contract

blp = JsonBlueprint("pipeline", __name__, url_prefix="/v1", description="Funil de vendas")

STAGE = "/stages/<string:stage_id>"
MARKER = "/markers/<string:marker_id>"


@blp.get("/pipeline")
@blp.summary(
    "Mostra o funil de vendas", "Uma coluna por estágio, com a sua contagem, as suas somas e os primeiros cartões."
)
@needs("sales.read")
@blp.arguments(board.GetPipeline, location="query")
@blp.response(200, board.Board)
@refuses(blp)
def get_pipeline(data: dict[str, Any]) -> Any:
    """Row S6: the board."""
    return send_query("sales", "get_pipeline", data)


@blp.get("/pipeline/cards")
@blp.summary("Lista os próximos cartões de um estágio do funil", "Com o `next_cursor` e os filtros do funil.")
@needs("sales.read")
@blp.arguments(board.ListPipelineCards, location="query")
@blp.response(200, board.OpportunityCardPage)
@refuses(blp, 404)
def list_pipeline_cards(data: dict[str, Any]) -> Any:
    """Row S6."""
    return send_query("sales", "list_pipeline_cards", data)


@blp.get("/opportunities")
@blp.summary("Busca contatos de venda")
@needs("sales.read")
@blp.arguments(opportunities_contract.SearchOpportunities, location="query")
@blp.response(200, opportunities_contract.OpportunityPage)
@refuses(blp, 404)
def search_opportunities(data: dict[str, Any]) -> Any:
    """Row S6: the list view, or the next cards of a column (`stage_id`)."""
    return send_query("sales", "search_opportunities", data)


@blp.get("/follow-ups")
@blp.summary("Lista os acompanhamentos")
@needs("sales.read")
@blp.arguments(opportunities_contract.ListFollowUps, location="query")
@blp.response(200, opportunities_contract.OpportunityPage)
@refuses(blp)
def list_follow_ups(data: dict[str, Any]) -> Any:
    """Row S2: opportunities to follow up on a day, overdue ones first, of the company or of a user."""
    return send_query("sales", "list_follow_ups", data, opportunities_contract.ListFollowUps)


@blp.get("/opportunities/idle")
@blp.summary("Lista os contatos de venda parados", "Sem interação há mais dias que a configuração da empresa.")
@needs("sales.read")
@blp.arguments(opportunities_contract.ListIdle, location="query")
@blp.response(200, opportunities_contract.OpportunityPage)
@refuses(blp)
def list_idle_opportunities(data: dict[str, Any]) -> Any:
    """Row S8."""
    return send_query("sales", "list_idle_opportunities", data)


@blp.get("/opportunities/archived")
@blp.summary("Lista os contatos de venda arquivados")
@needs("sales.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, opportunities_contract.OpportunityPage)
@refuses(blp)
def list_archived_opportunities(data: dict[str, Any]) -> Any:
    """Row S9."""
    return send_query("sales", "list_archived_opportunities", data)


@blp.get("/stages")
@blp.summary("Lista os estágios do funil")
@needs("sales.read")
@blp.response(200, pipeline_contract.StageList)
@refuses(blp)
def list_stages() -> Any:
    """Row S5."""
    return send_query("sales", "list_stages", {})


@blp.post("/stages")
@blp.summary("Cria um estágio", "No máximo dez.")
@needs("sales.configure")
@blp.arguments(pipeline_contract.AddStage)
@blp.response(201, pipeline_contract.SavedStage)
@refuses(blp, 409)
def create_stage(data: dict[str, Any]) -> Any:
    """Row S5: ten at most."""
    return send_command("sales", "add_stage", pipeline_contract.AddStage, data)


@blp.patch(STAGE)
@blp.summary("Altera o nome ou o lugar de um estágio")
@needs("sales.configure")
@blp.arguments(pipeline_contract.ChangeStage(exclude=("stage_id",)))
@blp.response(200, pipeline_contract.StageList)
@refuses(blp, 404, 409, 412)
def change_stage(data: dict[str, Any], stage_id: str) -> Any:
    """Row S5: its name or its place."""
    return send_command("sales", "change_stage", pipeline_contract.ChangeStage, data, stage_id=stage_id)


@blp.delete(STAGE)
@blp.summary("Exclui um estágio", "Recusado enquanto houver um contato de venda nele.")
@needs("sales.configure")
@blp.response(200, pipeline_contract.StageList)
@refuses(blp, 404, 409, 412)
def delete_stage(stage_id: str) -> Any:
    """Row S5: refused while an opportunity is in it."""
    return send_command("sales", "delete_stage", pipeline_contract.DeleteStage, {}, stage_id=stage_id)


@blp.get("/markers")
@blp.summary("Lista os marcadores")
@needs("sales.read")
@blp.response(200, markers_contract.MarkerList)
@refuses(blp)
def list_markers() -> Any:
    """Row S7."""
    return send_query("sales", "list_markers", {})


@blp.post("/markers")
@blp.summary("Cria um marcador")
@needs("sales.configure")
@blp.arguments(markers_contract.AddMarker)
@blp.response(201, markers_contract.SavedMarker)
@refuses(blp, 409)
def create_marker(data: dict[str, Any]) -> Any:
    """Row S7."""
    return send_command("sales", "add_marker", markers_contract.AddMarker, data)


@blp.patch(MARKER)
@blp.summary("Altera um marcador")
@needs("sales.configure")
@blp.arguments(markers_contract.ChangeMarker(exclude=("marker_id",)))
@blp.response(200, markers_contract.SavedMarker)
@refuses(blp, 404, 409, 412)
def change_marker(data: dict[str, Any], marker_id: str) -> Any:
    return send_command("sales", "change_marker", markers_contract.ChangeMarker, data, marker_id=marker_id)


@blp.delete(MARKER)
@blp.summary("Exclui um marcador")
@needs("sales.configure")
@blp.response(200, markers_contract.MarkerList)
@refuses(blp, 404, 412)
def delete_marker(marker_id: str) -> Any:
    """Row S7: removes it from all opportunities too."""
    return send_command("sales", "delete_marker", markers_contract.DeleteMarker, {}, marker_id=marker_id)


@blp.get("/settings/sales")
@blp.summary("Lê as configurações de vendas")
@needs("sales.read")
@blp.response(200, settings_contract.Settings)
@refuses(blp)
def get_sales_settings() -> Any:
    return send_query("sales", "get_sales_settings", {})


@blp.patch("/settings/sales")
@blp.summary(
    "Altera as configurações de vendas",
    "Quando um contato de venda está parado, como é encerrado e quando a comissão é devida.",
)
@needs("sales.configure")
@blp.arguments(settings_contract.ChangeSettings)
@blp.response(200, settings_contract.Settings)
@refuses(blp, 409, 412)
def change_sales_settings(data: dict[str, Any]) -> Any:
    """Row S8: when an opportunity is idle. Row S15: its closing. Row S19: when commissions are payable."""
    return send_command("sales", "change_sales_settings", settings_contract.ChangeSettings, data)
