"""The CRM report as a CSV that Brazilian Excel opens as it is: semicolons, a BOM, and no cell that runs."""

from __future__ import annotations

import csv
import io
from typing import Any

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
# A spreadsheet would take such a cell for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(report: dict[str, Any]) -> str:
    """The rows, then the totals."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in report["items"]:
        names = row["user_name"], row["stage_name"] or "(estágio excluído)", KINDS.get(row["kind"], row["kind"])
        writer.writerow([*map(_harmless, names), *(row[name] for name in COUNTS)])
    writer.writerow(["Total", "", "", *(report["totals"][name] for name in COUNTS)])
    return BOM + out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
