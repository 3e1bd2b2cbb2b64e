"""Row A15: an attendance printed as PDF, with or without its entries; its text is read back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.pdf import text_of
from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.fixture
def attendance(ana: Client) -> dict[str, Any]:
    person = ana.register("Impressa <b>Ltda.</b> & Filhos", phones=[{"number": "41 99999-8888", "main": True}])
    body = {"title": "Orçamento nº 1 — “ção”", "text": "Primeiro parecer\nsegunda linha: € 10,00"}
    opened: dict[str, Any] = ana.post(f"/v1/persons/{person['id']}/attendances", body)
    return opened


def printed(who: Client, attendance: dict[str, Any], **params: Any) -> str:
    answer = who.request("GET", f"/v1/attendances/{attendance['id']}/print", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f"atendimento-{attendance['reference']}.pdf" in answer.headers["Content-Disposition"]
    return text_of(answer.content)


def test_it_is_printed_without_its_entries(ana: Client, attendance: dict[str, Any]) -> None:
    found = printed(ana, attendance)
    assert f"Atendimento nº {attendance['reference']} — Orçamento nº 1 — “ção”" in found
    assert "Impressa <b>Ltda.</b> & Filhos" in found
    assert "(41) 99999-8888" in found
    assert "Primeiro parecer" not in found


def test_it_is_printed_with_its_entries_in_order(ana: Client, attendance: dict[str, Any]) -> None:
    path = f"/v1/attendances/{attendance['id']}"
    sent = ana.request("POST", f"{path}/attachments", params={"name": "nota.txt"}, data=b"texto").json()
    ana.post(f"{path}/entries", {"text": "Segundo parecer", "attachment_ids": [sent["id"]]})
    found = printed(ana, attendance, entries=True)
    assert found.index("Primeiro parecer") < found.index("segunda linha: € 10,00") < found.index("Segundo parecer")
    assert "Anexos: nota.txt" in found
    assert "— Ana — Parecer" in found


def test_another_companys_is_not_printed(bruno: Client, attendance: dict[str, Any]) -> None:
    refused(bruno.request("GET", f"/v1/attendances/{attendance['id']}/print"), 404, "attendance_not_found")
