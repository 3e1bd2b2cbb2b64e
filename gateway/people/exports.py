"""All persons, or those that a search finds, as a CSV file (row P8)."""

from __future__ import annotations

from typing import Any

from flask import Response

from gateway.http import csv_answer
from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.chassis.inputs import Choice, Line
from services.chassis.schemas import Strict
from services.people.exports import contract

blp = JsonBlueprint("exports", __name__, url_prefix="/v1/persons", description="Exportação de pessoas")


class ExportQuery(Strict):
    q = Line(150, load_default="")
    profile = Choice([*csv_answer.PROFILES], load_default="excel-br")


@blp.get("/export.csv")
@blp.summary("Exporta pessoas em CSV")
@needs("people.export")
@blp.arguments(ExportQuery, location="query")
@blp.file("CSV, uma linha por pessoa", "text/csv")
@refuses(blp)
def export_persons(data: dict[str, Any]) -> Response:
    """`q` as in the search; `profile` excel-br, excel-br-1252 or utf-8. Importing it gives the same persons."""
    send_command("people", "begin_export", contract.BeginExport, {"q": data["q"]})

    def page(cursor: str | None) -> tuple[list[list[str]], str | None]:
        answer = send_query("people", "list_export_rows", {"q": data["q"], "cursor": cursor})
        return answer["rows"], answer["next_cursor"]

    return csv_answer.answer("pessoas.csv", data["profile"], contract.EXPORT_TITLES, page)
