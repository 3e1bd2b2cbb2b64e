"""Filing attendances (archive, trash, purge, move), and lists of them across persons and flows."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.attendance.attendances import contract as attendances_contract
from services.attendance.critical import contract as critical_contract
from services.attendance.filing import contract as filing_contract
from services.attendance.settings import contract as settings_contract
from services.attendance.shared import contract as shared_contract

blp = JsonBlueprint("filing", __name__, url_prefix="/v1", description="Arquivo e lixeira de atendimentos")


@blp.post("/attendances/<string:attendance_id>/archive")
@blp.summary("Arquiva um atendimento")
@needs("attendance.write")
@blp.response(200, shared_contract.Attendance)
@refuses(blp, 404, 409, 412)
def archive_attendance(attendance_id: str) -> Any:
    """Row A14."""
    return _file("archive_attendance", attendance_id)


@blp.post("/attendances/<string:attendance_id>/unarchive")
@blp.summary("Desarquiva um atendimento")
@needs("attendance.write")
@blp.response(200, shared_contract.Attendance)
@refuses(blp, 404, 409, 412)
def unarchive_attendance(attendance_id: str) -> Any:
    return _file("unarchive_attendance", attendance_id)


@blp.post("/attendances/<string:attendance_id>/trash")
@blp.summary("Move um atendimento para a lixeira")
@needs("attendance.write")
@blp.response(200, shared_contract.Attendance)
@refuses(blp, 404, 409, 412)
def trash_attendance(attendance_id: str) -> Any:
    return _file("trash_attendance", attendance_id)


@blp.post("/attendances/<string:attendance_id>/restore")
@blp.summary("Restaura um atendimento da lixeira")
@needs("attendance.write")
@blp.response(200, shared_contract.Attendance)
@refuses(blp, 404, 409, 412)
def restore_attendance(attendance_id: str) -> Any:
    return _file("restore_attendance", attendance_id)


@blp.delete("/attendances/<string:attendance_id>")
@blp.summary("Exclui um atendimento em definitivo", "Só da lixeira, por quem supervisiona ou configura.")
@needs("attendance.write")
@blp.response(200, filing_contract.Purged)
@refuses(blp, 404, 409, 412)
def purge_attendance(attendance_id: str) -> Any:
    """Row A14: final, for attendances in the trash, by users who may supervise or configure."""
    return _file("purge_attendance", attendance_id)


@blp.put("/attendances/<string:attendance_id>/flow")
@blp.summary("Move um atendimento para outro fluxo", "As suas tags vão com ele.")
@needs("attendance.write")
@blp.arguments(filing_contract.MoveToFlow(exclude=("attendance_id",)))
@blp.response(200, shared_contract.Attendance)
@refuses(blp, 404, 409, 412)
def move_to_flow(data: dict[str, Any], attendance_id: str) -> Any:
    """Row A14: its tags go with it."""
    return send_command("attendance", "move_to_flow", filing_contract.MoveToFlow, data, attendance_id=attendance_id)


@blp.get("/settings/attendance")
@blp.summary("Lê as configurações dos atendimentos", "Colunas, ramo da produção e dias dos fatores críticos.")
@needs("attendance.read")
@blp.response(200, settings_contract.AttendanceSettings)
@refuses(blp)
def get_attendance_settings() -> Any:
    """Rows A13, A17, A18: columns, production's branch, days of the critical factors."""
    return send_query("attendance", "get_settings", {})


@blp.patch("/settings/attendance")
@blp.summary("Altera as configurações dos atendimentos")
@needs("attendance.configure")
@blp.arguments(settings_contract.ChangeAttendanceSettings)
@blp.response(200, settings_contract.AttendanceSettings)
@refuses(blp, 409, 412)
def change_attendance_settings(data: dict[str, Any]) -> Any:
    return send_command("attendance", "change_settings", settings_contract.ChangeAttendanceSettings, data)


@blp.get("/attendances")
@blp.summary("Consulta atendimentos", "Abertos ou encerrados, por pessoa, usuário, centro, tipo e período.")
@needs("attendance.read")
@blp.arguments(attendances_contract.QueryAttendances, location="query")
@blp.response(200, shared_contract.CompanyAttendancePage)
@refuses(blp, 404, 409)
def list_company_attendances(data: dict[str, Any]) -> Any:
    """Row A16: open or closed, by person, user, center, type and period."""
    return send_query("attendance", "list_company_attendances", _plain(attendances_contract.QueryAttendances, data))


@blp.get("/production")
@blp.summary("Lista os atendimentos da produção")
@needs("attendance.read")
@blp.arguments(attendances_contract.ListProduction, location="query")
@blp.response(200, shared_contract.CompanyAttendancePage)
@refuses(blp, 409)
def list_production(data: dict[str, Any]) -> Any:
    """Row A17: the attendances of production's branch of types."""
    return send_query("attendance", "list_production", data)


@blp.get("/critical-factors")
@blp.summary("Lista os fatores críticos", "De uma pessoa, de um centro de responsabilidade ou da empresa.")
@needs("attendance.read")
@blp.arguments(critical_contract.ListCritical, location="query")
@blp.response(200, critical_contract.CriticalPage)
@refuses(blp)
def list_critical_factors(data: dict[str, Any]) -> Any:
    """Row A18: of a person, a center, or the company."""
    return send_query("attendance", "list_critical_factors", data)


@blp.post("/attendances/<string:attendance_id>/forward")
@blp.summary("Encaminha um fator crítico", "Ao centro que deve agir; um parecer o registra.")
@needs("attendance.write")
@blp.arguments(critical_contract.ForwardCritical(exclude=("attendance_id",)))
@blp.response(200, shared_contract.Attendance)
@refuses(blp, 404, 409, 412)
def forward_critical_factor(data: dict[str, Any], attendance_id: str) -> Any:
    """Row A18: forwards a critical factor to the center that must act; an entry says so."""
    schema = critical_contract.ForwardCritical
    return send_command("attendance", "forward_critical_factor", schema, data, attendance_id=attendance_id)


def _plain(schema: type[Schema], data: dict[str, Any]) -> dict[str, Any]:
    """The loaded arguments of a query string as JSON: days are ISO texts."""
    plain: dict[str, Any] = schema().dump(data)
    return plain


def _file(command: str, attendance_id: str) -> Any:
    return send_command("attendance", command, filing_contract.FileAttendance, {}, attendance_id=attendance_id)
