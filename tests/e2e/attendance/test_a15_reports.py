"""Row A15: reports of selected attendances, as CSV for Excel in Brazil or as text."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.support.builders import people
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client

PATH = "/v1/attendances/reports"


@pytest.fixture(scope="module")
def attendances(ana: Client) -> list[dict[str, Any]]:
    """Two of one person, one of another; the first entry of the first is a formula."""
    contact = {"name": "Rita Contato", "main": True}
    first = ana.register(
        "=HYPERLINK(\"http://x\")", document=people.cpf(), emails=[{"address": "rita@cliente.example", "main": True}],
        phones=[{"number": "41 99999-8888", "main": True}], contacts=[contact],
        addresses=[{"street": "Rua", "city": "Curitiba", "state": "PR"}],
    )  # fmt: skip
    second = ana.register("Segunda Pessoa")
    opened = [
        ana.post(f"/v1/persons/{one['id']}/attendances", {"title": title, "text": text})
        for one, title, text in (
            (first, "Orçamento; urgente", "=1+1"),
            (second, "Visita", "Primeiro\nem duas linhas"),
            (first, "Sem parecer", ""),
        )
    ]
    ana.post(f"/v1/attendances/{opened[1]['id']}/entries", {"text": "Depois"})
    return opened


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


def test_the_text_has_a_block_an_attendance(ana: Client, attendances: list[dict[str, Any]]) -> None:
    answer = ana.request("POST", PATH, json={"ids": ids(attendances)[1:], "format": "text"})
    blocks = answer.content.decode().split("\n\n")
    assert len(blocks) == 2
    assert "Nome: Segunda Pessoa" in blocks[0]
    assert "Primeiro parecer: Primeiro" in blocks[0]


def test_a_hundred_at_once_and_no_more(ana: Client) -> None:
    person = ana.register("Muitos atendimentos")
    path = f"/v1/persons/{person['id']}/attendances"
    many = [ana.post(path, {"title": f"Nº {number}", "text": "x"})["id"] for number in range(100)]
    answer = ana.request("POST", PATH, json={"ids": many})
    assert answer.status_code == 200, answer.text
    assert answer.content.count(b"Muitos atendimentos") == 100
    field_refused(ana.request("POST", PATH, json={"ids": [*many, "x"]}), "ids")


def test_what_may_not_be_seen_refuses_the_whole(ana: Client, bruno: Client, attendances: list[dict[str, Any]]) -> None:
    refused(bruno.request("POST", PATH, json={"ids": ids(attendances)}), 404, "attendance_not_found")
    refused(ana.request("POST", PATH, json={"ids": [*ids(attendances), "nothing"]}), 404, "attendance_not_found")


def test_what_is_no_selection_is_refused(ana: Client) -> None:
    field_refused(ana.request("POST", PATH, json={"ids": []}), "ids")
    field_refused(ana.request("POST", PATH, json={"ids": ["x"], "format": "xls"}), "format")
