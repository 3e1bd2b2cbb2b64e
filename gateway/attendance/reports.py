"""Reports of selected attendances, and an attendance on paper (row A15)."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields, validate

from gateway.attendance import report_content, report_rows
from gateway.http import auth, csv_answer
from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.downloads import as_download
from gateway.http.requests import bus
from services.chassis.inputs import Choice, Flag, Id
from services.chassis.schemas import Strict

blp = JsonBlueprint("papers", __name__, url_prefix="/v1/attendances", description="Relatórios e impressão")

PAPER_SECONDS = 20.0


class Report(Strict):
    """`ids`: the selected attendances, in the order wanted; `profile`: of a CSV, for the program that opens it."""

    ids = fields.List(Id(required=True), required=True, validate=validate.Length(min=1, max=100))
    format = Choice(report_rows.FORMATS, load_default="csv")
    profile = Choice([*csv_answer.PROFILES], load_default="excel-br")


class PrintQuery(Strict):
    entries = Flag(load_default=False)


@blp.post("/reports")
@blp.summary(
    "Emite o relatório de atendimentos",
    "Dados do contato e primeiro parecer; um atendimento que o usuário não pode ver recusa o todo.",
)
@needs("attendance.read")
@blp.arguments(Report)
@blp.file("O relatório: CSV ou texto", "text/csv", "text/plain")
@refuses(blp, 404, 409)
def report_attendances(data: dict[str, Any]) -> Response:
    """Row A15: contact data and first entry; refused if the user may not see one of the attendances."""
    found = report_content.gather(bus(), auth.context(PAPER_SECONDS), data["ids"])
    if data["format"] == "text":
        return as_download(report_rows.as_text(found), "atendimentos.txt", "text/plain; charset=utf-8")
    return csv_answer.answer(
        "atendimentos.csv", data["profile"], report_rows.HEADER, lambda _: (report_rows.rows(found), None)
    )


@blp.get("/<string:attendance_id>/print")
@blp.summary(
    "Imprime um atendimento (PDF)",
    "Com `entries`, também os pareceres: no máximo os 500 mais recentes, e então ele avisa.",
)
@needs("attendance.read")
@blp.arguments(PrintQuery, location="query")
@blp.file("O PDF", "application/pdf")
@refuses(blp, 404, 409)
def print_attendance(data: dict[str, Any], attendance_id: str) -> Response:
    """Row A15: with `entries` also the entries, the newest 500 at most; the document says if there are more."""
    context = auth.context(PAPER_SECONDS)
    paper = report_content.gather(bus(), context, [attendance_id])[0]
    entries = report_content.entries(bus(), context, attendance_id) if data["entries"] else (None, True)
    from gateway.attendance.printing import as_pdf  # 20 MB in each worker, most of which print nothing

    name = f"atendimento-{paper.attendance['reference']}.pdf"
    return as_download(as_pdf(paper, *entries), name, "application/pdf")
