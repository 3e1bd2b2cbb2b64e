"""Row P7: an erased person leaves no name, e-mail, phone or document anywhere; a receipt says what is kept and why."""

from __future__ import annotations

from tests.support.builders import people
from tests.support.problems import refused
from tests.support.stack.system import Client

REQUEST = {"reason": "Pedido do titular", "legal_request": "Protocolo 2026/17"}


def test_refusals(ana: Client, bruno: Client) -> None:
    person = ana.register(f"Titular {people.unique_word()}")["id"]
    path = f"/v1/persons/{person}/erasure"
    refused(ana.request("GET", path), 404, "erasure_not_found")
    refused(ana.request("POST", path, json={"reason": "Sem número"}), 422, "input_invalid")
    refused(bruno.request("POST", path, json=REQUEST), 404, "person_not_found")
    refused(bruno.request("GET", path), 404, "person_not_found")
    refused(ana.request("POST", "/v1/persons/nobody/erasure", json=REQUEST), 404, "person_not_found")
