"""Imports of persons from CSV files: upload, preview, corrections, start, progress, report (row P8)."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from gateway.http import auth, csv_answer
from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import bus, send_command, send_query
from gateway.http.uploads import send_import
from services.chassis.errors import Invalid
from services.chassis.inputs import Choice
from services.chassis.schemas import ById, Strict
from services.people.imports import contract

blp = JsonBlueprint("imports", __name__, url_prefix="/v1/persons/imports", description="Importação de pessoas")

TITLES = ("Linha", "Resultado", "Código", "Motivo", "Aviso", "Deixado de fora", "Alterado")
OUTCOMES = {
    "registered": "cadastrada",
    "updated": "atualizada",
    "existing": "já existente",
    "refused": "recusada",
}
WARNED, LEFT_OUT = "warned", "left_out"


class ReportQuery(Strict):
    profile = Choice([*csv_answer.PROFILES], load_default="excel-br")
    outcome = Choice([*OUTCOMES, WARNED, LEFT_OUT], load_default=None)


@blp.post("")
@blp.summary("Envia um arquivo CSV para importar pessoas", "Reconhece as colunas; nada é importado antes de iniciar.")
@needs("people.write")
@blp.response(201, contract.Import, at="/v1/persons/imports/{id}")
@refuses(blp, 409)
def upload_import() -> Any:
    """A CSV file as multipart field `file`, of 64 MiB at most; nothing is registered before the start."""
    upload = request.files.get("file")
    if upload is None:
        detail = "Envie o arquivo CSV no campo file."
        raise Invalid("import_file_missing", detail, fields={"file": [detail]})
    return send_import(bus(), auth.context(), upload.stream, upload.filename or "")


@blp.get("")
@blp.summary("Lista as importações")
@needs("people.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, contract.ImportPage)
@refuses(blp)
def list_imports(data: dict[str, Any]) -> Any:
    """Newest first."""
    return send_query("people", "list_imports", data)


@blp.get("/<string:import_id>")
@blp.summary("Lê uma importação")
@needs("people.read")
@blp.response(200, contract.Import)
@refuses(blp, 404)
def get_import(import_id: str) -> Any:
    """The state, the counts and the progress in percent."""
    return send_query("people", "get_import", {"id": import_id})


@blp.get("/<string:import_id>/preview")
@blp.summary("Mostra a prévia de uma importação", "As primeiras linhas e as primeiras recusas.")
@needs("people.read")
@blp.response(200, contract.ImportPreview)
@refuses(blp, 404, 409)
def get_import_preview(import_id: str) -> Any:
    """The first rows, with what would be refused by the present settings."""
    return send_query("people", "get_import_preview", {"id": import_id})


@blp.patch("/<string:import_id>")
@blp.summary("Altera uma importação antes de iniciar", "Colunas, categoria e o que fazer com quem já está cadastrado.")
@needs("people.write")
@blp.arguments(contract.ImportChoices)
@blp.response(200, contract.Import)
@refuses(blp, 404, 409)
def change_import(data: dict[str, Any], import_id: str) -> Any:
    """Changes the columns' fields, encoding, separator, and what happens to persons who exist already."""
    return send_command("people", "change_import", contract.ImportChoices, data, id=import_id)


@blp.post("/<string:import_id>/start")
@blp.summary("Inicia uma importação")
@needs("people.write")
@blp.arguments(contract.ImportStart)
@blp.response(202, contract.Import)
@refuses(blp, 404, 409)
def start_import(data: dict[str, Any], import_id: str) -> Any:
    return send_command("people", "start_import", contract.ImportStart, data, id=import_id)


@blp.post("/<string:import_id>/cancel")
@blp.summary("Cancela uma importação")
@needs("people.write")
@blp.response(200, contract.Import)
@refuses(blp, 404, 409)
def cancel_import(import_id: str) -> Any:
    """Registered persons stay; no further row is imported."""
    return send_command("people", "cancel_import", ById, {}, id=import_id)


@blp.get("/<string:import_id>/report.csv")
@blp.summary("Baixa o relatório de uma importação, linha a linha")
@needs("people.read")
@blp.arguments(ReportQuery, location="query")
@blp.file("CSV, uma linha por linha do arquivo", "text/csv")
@refuses(blp, 404)
def get_import_report(data: dict[str, Any], import_id: str) -> Response:
    """The outcome of each line. `outcome` selects lines of one outcome, those with a warning (`warned`), or those of
    which something was left out (`left_out`)."""

    def page(first: int | None) -> tuple[list[tuple[Any, ...]], int | None]:
        report = send_query("people", "get_import_report", {"id": import_id, "first": first or 0})
        lines = (line for line in report["lines"] if data["outcome"] in (None, line["outcome"], *_also(line)))
        return [_cells_of(line) for line in lines], report["next"]

    return csv_answer.answer("importacao.csv", data["profile"], TITLES, page)


def _also(line: dict[str, Any]) -> list[str]:
    return [name for name, value in ((WARNED, line.get("warning")), (LEFT_OUT, line.get("left_out"))) if value]


def _cells_of(line: dict[str, Any]) -> tuple[Any, ...]:
    """The cells of a line of the report, in the order of TITLES."""
    outcome = OUTCOMES[line["outcome"]]
    left_out = " ".join(line.get("left_out") or ())
    texts = (line["reason"] or "", line.get("warning") or "", left_out, "; ".join(line.get("changed") or ()))
    return line["line"], outcome, line["code"] or "", *texts
