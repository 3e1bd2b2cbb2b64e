"""Row S23: a visit sheet in the layout chosen, printed or e-mailed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import documents
from tests.support.pdf import text_of
from tests.support.stack.system import Client, System


@pytest.fixture
def visited(ana: Client) -> dict[str, Any]:
    """An opportunity with something to do, on a customer with an address and a phone."""
    return documents.visited(ana)


def test_it_is_printed_before_any_layout_was_made(ana: Client, visited: dict[str, Any]) -> None:
    answer = ana.request("GET", visited["path"], params={"format": "pdf"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "ficha-de-visita.pdf" in answer.headers["Content-Disposition"]
    shown = text_of(answer.content)
    for expected in (
        "Ficha de visita", "& Filhos", "(41) 99999-8888", "Rua XV, Curitiba/PR", "Forno novo", "05/03/2031",
        "Medir a <cozinha>", "Prospecção",
    ):  # fmt: skip
        assert expected in shown, expected
    assert "Já feito" not in shown
    page = ana.request("GET", visited["path"])
    assert page.headers["Content-Security-Policy"].startswith("sandbox;")
    assert "Medir a &lt;cozinha&gt;" in page.text


def test_it_is_emailed_to_the_visitor_and_the_customer(system: System, ana: Client, visited: dict[str, Any]) -> None:
    address = visited["person"]["address"]
    sent = ana.post(f"{visited['path']}/send", {"to": [address, "ana@padaria.example"]})
    assert (sent["kind"], sent["number"], sent["quote_id"]) == ("visit_sheet", None, None)
    assert sent["recipients"] == [address, "ana@padaria.example"]
    found = documents.deliveries(ana, visited["person"]["id"], 2)
    assert {one["recipient"] for one in found} == {address, "ana@padaria.example"}
    [mail] = documents.mails(system, address)
    _, page, pdf = documents.parts(mail)
    assert "Medir a &lt;cozinha&gt;" in page
    assert "Forno novo" in text_of(pdf)
    opportunity = f"/v1/opportunities/{visited['id']}"
    assert [one["id"] for one in ana.get(f"{opportunity}/sendings")["items"]] == [sent["id"]]
    assert sent["id"] in {item["id"] for item in ana.get(f"{opportunity}/timeline")["items"]}
    assert ana.get(opportunity)["last_interaction_at"] >= sent["sent_at"]
