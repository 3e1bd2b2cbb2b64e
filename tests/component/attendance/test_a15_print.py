"""Row A15: an attendance printed as PDF, with or without its entries; its text is read back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.asked import printed, to_print
from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.fixture
def attendance(ana: Client) -> dict[str, Any]:
    return to_print(ana)


def test_it_is_printed_without_its_entries(ana: Client, attendance: dict[str, Any]) -> None:
    found = printed(ana, attendance)
    assert f"Atendimento nº {attendance['reference']} — Orçamento nº 1 — “ção”" in found
    assert "Impressa <b>Ltda.</b> & Filhos" in found
    assert "(41) 99999-8888" in found
    assert "Primeiro parecer" not in found


def test_another_companys_is_not_printed(bruno: Client, attendance: dict[str, Any]) -> None:
    refused(bruno.request("GET", f"/v1/attendances/{attendance['id']}/print"), 404, "attendance_not_found")
