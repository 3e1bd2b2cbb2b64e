"""Row A15: an attendance printed as PDF, with or without its entries; its text is read back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders.asked import printed, to_print
from tests.support.stack.system import Client


@pytest.fixture
def attendance(ana: Client) -> dict[str, Any]:
    return to_print(ana)


def test_it_is_printed_with_its_entries_in_order(ana: Client, attendance: dict[str, Any]) -> None:
    path = f"/v1/attendances/{attendance['id']}"
    sent = ana.request("POST", f"{path}/attachments", params={"name": "nota.txt"}, data=b"texto").json()
    ana.post(f"{path}/entries", {"text": "Segundo parecer", "attachment_ids": [sent["id"]]})
    found = printed(ana, attendance, entries=True)
    assert found.index("Primeiro parecer") < found.index("segunda linha: € 10,00") < found.index("Segundo parecer")
    assert "Anexos: nota.txt" in found
    assert "— Ana — Parecer" in found
