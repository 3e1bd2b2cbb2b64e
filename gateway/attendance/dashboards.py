"""Figures of attendance for dashboards."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_query
from services.attendance.dashboards import contract

blp = JsonBlueprint(
    "attendance_dashboards", __name__, url_prefix="/v1/dashboards", description="Painéis de atendimento"
)


@blp.get("/attendances")
@blp.summary(
    "Mostra os atendimentos abertos por centro e idade",
    "Sem os arquivados e os da lixeira; com `user_id`, os que o usuário abriu ou deve atender.",
)
@needs("attendance.read")
@blp.arguments(contract.GetAgesByCenter, location="query")
@blp.response(200, contract.AgesByCenter)
@refuses(blp)
def get_ages_by_center(data: dict[str, Any]) -> Any:
    return send_query("attendance", "get_ages_by_center", data)
