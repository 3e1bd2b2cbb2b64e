"""Row A15: reports of selected attendances, as CSV for Excel in Brazil or as text."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.support.builders.asked import reported
from tests.support.stack.system import Client

PATH = "/v1/attendances/reports"


@pytest.fixture(scope="module")
def attendances(ana: Client) -> list[dict[str, Any]]:
    """Two of one person, one of another; the first entry of the first is a formula."""
    return reported(ana)


def ids(attendances: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in attendances]


def test_the_csv_opens_in_excel_and_holds_no_formula(ana: Client, attendances: list[dict[str, Any]]) -> None:
    answer = ana.request("POST", PATH, json={"ids": ids(attendances)})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=atendimentos.csv"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row["Assunto"] for row in rows] == ["Orçamento; urgente", "Visita", "Sem parecer"]
    assert [row["Referência"] for row in rows] == [str(one["reference"]) for one in attendances]
    assert rows[0]["Nome"] == '\'=HYPERLINK("http://x")'
    assert rows[0]["Primeiro parecer"] == "'=1+1"
    assert (rows[0]["E-mail"], rows[0]["Telefone"]) == ("rita@cliente.example", "(41) 99999-8888")
    assert (rows[0]["Contato"], rows[0]["Cidade/UF"]) == ("Rita Contato", "Curitiba/PR")
    assert (rows[1]["Primeiro parecer"], rows[1]["Autor"]) == ("Primeiro\nem duas linhas", "Ana")
    assert rows[2]["Primeiro parecer"] == ""
