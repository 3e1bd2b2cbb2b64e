"""Row S12: the company as its quotes show it: logo, data, conditions; in the document, and on the customer's page."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from gateway.documents.variables import LOGO
from tests.support.builders import documents, people, sales, sold, users
from tests.support.pdf import text_of
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client, System

PATH = "/v1/settings/letterhead"
LETTERHEAD = {
    "logo": LOGO, "legal_name": "Padaria Modelo Ltda.", "document": "11.222.333/0001-81", "phone": "(41) 3333-4444",
    "email": "vendas@padaria.example", "site": "https://padaria.example", "address": "Rua XV, 10 - Curitiba/PR",
    "conditions": "Entrega em dez dias <úteis>.",
}  # fmt: skip


@pytest.fixture
def maria(system: System) -> Client:
    """Administrator of a company of her own."""
    return sales.newcomer(system)


def quoted(client: Client) -> dict[str, Any]:
    person = client.register(f"Compradora {people.unique_word()}")
    return sold.quote(client, sold.opportunity(client, person["id"])["id"], valid_until=sales.today(10))


def test_it_stands_on_the_document_and_on_the_customers_page(maria: Client) -> None:
    quote = quoted(maria)
    bare = documents.html(maria, f"/v1/quotes/{quote['id']}/document")
    assert "Condições" not in bare
    kept = maria.patch(PATH, LETTERHEAD)
    assert (kept["document"], kept["phone"], kept["version"]) == ("11222333000181", "+554133334444", 1)
    expected = (
        "Padaria Modelo Ltda.", "11.222.333/0001-81", "(41) 3333-4444", "vendas@padaria.example",
        "Rua XV, 10 - Curitiba/PR", "Entrega em dez dias &lt;úteis&gt;.", LOGO,
    )  # fmt: skip
    page = requests.get(maria.post(f"/v1/quotes/{quote['id']}/links", {})["url"], timeout=30).text
    shown = documents.html(maria, f"/v1/quotes/{quote['id']}/document")
    for text in expected:
        assert text in shown, text
        assert text in page, text
    assert "Aceite" in shown
    answer = maria.request("GET", f"/v1/quotes/{quote['id']}/document", params={"format": "pdf"})
    assert "Entrega em dez dias <úteis>." in text_of(answer.content)


def test_what_is_not_given_stays_and_what_is_emptied_is_not_shown(maria: Client) -> None:
    maria.patch(PATH, LETTERHEAD)
    changed = maria.patch(PATH, {"logo": "", "email": ""})
    assert (changed["logo"], changed["email"], changed["legal_name"]) == ("", "", "Padaria Modelo Ltda.")
    assert maria.get(PATH) == changed


def test_what_is_no_letterhead_is_refused(maria: Client, system: System) -> None:
    for logo in (
        "https://padaria.example/logo.png",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:image/png;base64,AAAA",
    ):
        refused(maria.request("PATCH", PATH, json={"logo": logo}), 422, "logo_invalid")
    for wrong in ({"document": "123"}, {"email": "sem arroba"}, {"site": "javascript:alert(1)"}, {"phone": "12"}):
        [field] = wrong
        field_refused(maria.request("PATCH", PATH, json=wrong), field)
    field_refused(maria.request("PATCH", PATH, json={"logo": "data:image/png;base64," + "A" * 150_000}), "logo")
    seller = users.as_user(system, users.create(maria, "seller"))
    refused(seller.request("PATCH", PATH, json={"legal_name": "X"}), 403, "permission_missing")
    assert seller.get(PATH)["logo"] == ""
