"""The report of actions (row S10) as a CSV for Brazilian Excel: semicolons, a BOM, and no cell that is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from services.chassis.spreadsheets import protect

BOM = "\ufeff"
HEADER = ("Usuário", "Estágio", "Tipo de ação", "Total", "Pendentes", "Concluídas", "Canceladas")
KINDS = {
    "task": "Tarefa",
    "call": "Ligação",
    "visit": "Visita",
    "email": "E-mail",
    "whatsapp": "WhatsApp",
    "note": "Anotação",
}
COUNTS = ("total", "pending", "done", "cancelled")


def as_csv(report: Mapping[str, Any]) -> str:
    """The text of the file: a header, a line for each row of sales' ActionReport, and the totals."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in report["items"]:
        names = row["user"]["name"], row["stage"]["name"] or "(estágio excluído)", KINDS.get(row["kind"], row["kind"])
        writer.writerow([*map(protect, names), *(row[name] for name in COUNTS)])
    writer.writerow(["Total", "", "", *(report["totals"][name] for name in COUNTS)])
    return BOM + out.getvalue()
