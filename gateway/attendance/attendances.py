"""Attendances of a person: opening, entries and steps, history, changes, the cycle (rows A7 to A12)."""

from __future__ import annotations

from typing import Any

from flask import Response

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, created, refuses, versioned
from gateway.http.requests import send_command, send_query
from services.attendance.attendances import contract as attendances_contract
from services.attendance.cycles import contract as cycles_contract
from services.attendance.entries import contract as entries_contract
from services.attendance.shared import contract as shared_contract
from services.attendance.view import contract as view_contract
from services.chassis.inputs import Flag

blp = JsonBlueprint("attendance", __name__, url_prefix="/v1", description="Atendimentos")

ONE = "/v1/attendances/{id}"


class EntriesQuery(PageQuery):
    """`standard`: only the entries made with a standard text."""

    standard = Flag(load_default=False)


AttendancesQuery = attendances_contract.ListAttendances(exclude=("person_id", "include_closed"))


@blp.get("/persons/<string:person_id>/attendances")
@blp.summary(
    "Lista os atendimentos de uma pessoa",
    "Os mais recentes primeiro, sem os da lixeira; os abertos, a não ser que `state` peça outros.",
)
@needs("attendance.read")
@blp.arguments(AttendancesQuery, location="query")
@blp.response(200, shared_contract.AttendancePage)
@refuses(blp)
def list_attendances(data: dict[str, Any], person_id: str) -> Any:
    """Newest first; without those in the trash, and without closed ones unless they are asked for."""
    return send_query("attendance", "list_attendances", {**data, "person_id": person_id})


@blp.post("/persons/<string:person_id>/attendances")
@blp.summary(
    "Abre um atendimento",
    "O mesmo `dedup_key` de outro sistema abre um só atendimento, e responde 200 dali em diante.",
)
@needs("attendance.write")
@blp.arguments(attendances_contract.OpenAttendance(exclude=("person_id",)))
@blp.response(201, attendances_contract.OpenedAttendance, at=ONE)
@blp.alt_response(200, schema=attendances_contract.OpenedAttendance, description="Já aberto com esta chave (dedup_key)")
@refuses(blp, 404, 409)
def open_attendance(data: dict[str, Any], person_id: str) -> Response:
    """Row A7; another system's `dedup_key` opens once, and answers 200 from then on."""
    opened = send_command(
        "attendance", "open_attendance", attendances_contract.OpenAttendance, data, person_id=person_id
    )
    return created(opened, ONE, {}) if opened["created"] else versioned(opened)


@blp.get("/attendances/<string:attendance_id>")
@blp.summary("Lê um atendimento")
@needs("attendance.read")
@blp.response(200, shared_contract.Attendance)
@refuses(blp, 404)
def get_attendance(attendance_id: str) -> Any:
    return send_query("attendance", "get_attendance", {"id": attendance_id})


@blp.patch("/attendances/<string:attendance_id>")
@blp.summary("Altera o assunto, as datas, o contato ou o produto de um atendimento")
@needs("attendance.write")
@blp.arguments(attendances_contract.ChangeAttendance(exclude=("attendance_id",)))
@blp.response(200, shared_contract.Attendance)
@refuses(blp, 404, 409, 412)
def change_attendance(data: dict[str, Any], attendance_id: str) -> Any:
    """Rows A7, A11."""
    return send_command(
        "attendance", "change_attendance", attendances_contract.ChangeAttendance, data, attendance_id=attendance_id
    )


@blp.get("/attendances/<string:attendance_id>/details")
@blp.summary("Lê os detalhes de um atendimento")
@needs("attendance.read")
@blp.response(200, attendances_contract.AttendanceDetails)
@refuses(blp, 404)
def get_attendance_details(attendance_id: str) -> Any:
    """Row A11."""
    return send_query("attendance", "get_attendance_details", {"attendance_id": attendance_id})


@blp.get("/attendances/<string:attendance_id>/view")
@blp.summary(
    "Lê a tela de um atendimento",
    "Detalhes, pareceres, ciclo, rascunho de quem pergunta, textos padrão, anexos e, com `flow_id`, os vizinhos na "
    "lista do fluxo: tudo de uma vez.",
)
@needs("attendance.read")
@blp.arguments(view_contract.GetAttendanceView(exclude=("attendance_id",)), location="query")
@blp.response(200, view_contract.AttendanceView)
@refuses(blp, 404)
def get_attendance_view(data: dict[str, Any], attendance_id: str) -> Any:
    """Rows A8, A9, A11, A12, A14."""
    return send_query("attendance", "get_attendance_view", {**data, "attendance_id": attendance_id})


@blp.post("/attendances/<string:attendance_id>/duplicate")
@blp.summary("Duplica um atendimento")
@needs("attendance.write")
@blp.response(201, shared_contract.Attendance, at=ONE)
@refuses(blp, 404, 409)
def duplicate_attendance(attendance_id: str) -> Any:
    """Row A11."""
    return send_command(
        "attendance", "duplicate_attendance", attendances_contract.DuplicateAttendance, {}, attendance_id=attendance_id
    )


@blp.get("/attendances/<string:attendance_id>/entries")
@blp.summary("Lista o histórico de um atendimento", "Os pareceres mais recentes primeiro.")
@needs("attendance.read")
@blp.arguments(EntriesQuery, location="query")
@blp.response(200, entries_contract.EntryPage)
@refuses(blp, 404)
def list_entries(data: dict[str, Any], attendance_id: str) -> Any:
    """Row A11: the history, newest first."""
    return send_query("attendance", "list_entries", {**data, "attendance_id": attendance_id})


@blp.post("/attendances/<string:attendance_id>/entries")
@blp.summary(
    "Registra um parecer",
    "Com `confirm`, responde o próximo passo; um passo enviado aqui é dado na mesma hora.",
)
@needs("attendance.write")
@blp.arguments(entries_contract.RecordEntry(exclude=("attendance_id",)))
@blp.response(201, entries_contract.RecordedEntry)
@refuses(blp, 404, 409)
def record_entry(data: dict[str, Any], attendance_id: str) -> Any:
    """Rows A8 and A10: with `confirm` the answer has the next step; a step in the request is taken at once."""
    return send_command("attendance", "record_entry", entries_contract.RecordEntry, data, attendance_id=attendance_id)


@blp.get("/attendances/<string:attendance_id>/standard-texts")
@blp.summary("Lista os textos padrão do atendimento", "Do seu tipo, com as variáveis preenchidas.")
@needs("attendance.read")
@blp.response(200, entries_contract.FilledTexts)
@refuses(blp, 404)
def list_standard_texts(attendance_id: str) -> Any:
    """Row A8: the standard texts of its type, with the variables filled in."""
    return send_query("attendance", "list_standard_texts", {"attendance_id": attendance_id})


@blp.get("/attendances/<string:attendance_id>/next")
@blp.summary("Mostra o próximo passo", "A decisão a tomar ou os centros de responsabilidade a escolher.")
@needs("attendance.read")
@blp.response(200, entries_contract.Next)
@refuses(blp, 404)
def get_next_step(attendance_id: str) -> Any:
    """Row A8: the decision to take, or the centers to choose from."""
    return send_query("attendance", "get_next_step", {"attendance_id": attendance_id})


@blp.post("/attendances/<string:attendance_id>/move")
@blp.summary("Encaminha um atendimento", "Dá o passo com que um parecer confirmado foi respondido.")
@needs("attendance.write")
@blp.arguments(entries_contract.MoveAttendance(exclude=("attendance_id",)))
@blp.response(200, entries_contract.MovedAttendance)
@refuses(blp, 404, 409, 412)
def move_attendance(data: dict[str, Any], attendance_id: str) -> Any:
    """Row A8: takes the step that the answer to a confirmed entry proposed."""
    return send_command(
        "attendance", "move_attendance", entries_contract.MoveAttendance, data, attendance_id=attendance_id
    )


@blp.post("/attendances/<string:attendance_id>/close")
@blp.summary("Encerra um atendimento")
@needs("attendance.write")
@blp.response(200, shared_contract.Attendance)
@refuses(blp, 404, 409, 412)
def close_attendance(attendance_id: str) -> Any:
    return send_command(
        "attendance", "close_attendance", attendances_contract.CloseAttendance, {}, attendance_id=attendance_id
    )


@blp.get("/attendances/<string:attendance_id>/cycle")
@blp.summary("Lê o ciclo de atendimento")
@needs("attendance.read")
@blp.response(200, cycles_contract.CycleOfAttendance)
@refuses(blp, 404)
def get_attendance_cycle(attendance_id: str) -> Any:
    """Row A12."""
    return send_query("attendance", "get_cycle", {"attendance_id": attendance_id})


@blp.put("/attendances/<string:attendance_id>/cycle")
@blp.summary("Responde o ciclo de atendimento", "Só as perguntas enviadas.")
@needs("attendance.write")
@blp.arguments(cycles_contract.AnswerCycle(exclude=("attendance_id",)))
@blp.response(200, cycles_contract.CycleOfAttendance)
@refuses(blp, 404, 409)
def answer_cycle(data: dict[str, Any], attendance_id: str) -> Any:
    """Row A12: only the given questions are answered."""
    return send_command("attendance", "answer_cycle", cycles_contract.AnswerCycle, data, attendance_id=attendance_id)
