"""Row S20: what becomes of service orders and invoices is announced, each as it is then."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.sales.orders import commands as orders
from services.sales.service_orders import commands
from services.sales.session import INDEXES, SalesSession
from tests.support.fakes.memory import Memory

PUT: dict[str, Any] = {
    "person_id": "p1", "external_id": "OS-1", "description": "Instalar", "opened_on": "2026-11-01",
    "items": [{"code": "INST", "description": "Instalação", "quantity": "1", "unit_price": "80.00"}],
}  # fmt: skip
SOLD = {"code": "INST", "description": "Instalação", "quantity": "2", "unit_price": "50.00", "kind": "service"}


@pytest.fixture
def company() -> Memory:
    memory = Memory(SalesSession, INDEXES)
    memory.collection("persons").insert({"_id": "p1", "name": "Rita", "categories": ["client"]})
    return memory


def told(company: Memory, name: str) -> list[dict[str, Any]]:
    rows = [json.loads(row["envelope"]) for row in company.documents("outbox")]
    return [row["data"] for row in rows if row["name"] == name]


def test_an_order_of_another_system_is_announced_when_it_is_put_again_done_or_cancelled(company: Memory) -> None:
    made = company.ask(commands.put_service_order, **PUT)
    company.ask(commands.put_service_order, **{**PUT, "scheduled_on": "2026-11-09"})
    company.ask(commands.finish_service_order, service_order_id=made["id"], done_on="2026-11-02")
    other = company.ask(commands.put_service_order, **{**PUT, "external_id": "OS-2"})
    company.ask(commands.cancel_service_order, service_order_id=other["id"], reason="Desistiu.")
    found = [(one["status"], one["scheduled_on"], one["done_on"]) for one in told(company, "service_order_changed")]
    assert found == [
        ("open", None, None), ("open", "2026-11-09", None), ("done", "2026-11-09", "2026-11-02"),
        ("open", None, None), ("cancelled", None, None),
    ]  # fmt: skip
    assert {one["total"] for one in told(company, "service_order_changed")} == {"80.00"}


def test_one_that_a_sale_opens_goes_with_it(company: Memory) -> None:
    first, second = (company.ask(orders.place_order, person_id="p1", items=[SOLD]) for _ in range(2))
    company.ask(orders.cancel_order, order_id=first["id"], reason="Erro.")
    company.ask(orders.delete_order, order_id=second["id"])
    changed = told(company, "service_order_changed")
    assert [(one["source"], one["status"], one["total"]) for one in changed] == [
        ("order", "open", "100.00"), ("order", "open", "100.00"), ("order", "cancelled", "100.00"),
    ]  # fmt: skip
    (gone,) = told(company, "service_order_deleted")
    assert gone["service_order_id"] == changed[1]["service_order_id"]


def test_an_invoice_is_announced_as_it_was_put(company: Memory) -> None:
    order = company.ask(commands.put_service_order, **PUT)
    invoice = {"person_id": "p1", "external_id": "NFS-1", "number": "123", "issued_on": "2026-11-03",
               "amount": "80.00", "service_order_id": order["id"]}  # fmt: skip
    company.ask(commands.put_service_invoice, **invoice)
    company.ask(commands.put_service_invoice, **invoice, status="cancelled")
    found = told(company, "service_invoice_changed")
    assert [(one["number"], one["status"], one["amount"]) for one in found] == [
        ("123", "issued", "80.00"), ("123", "cancelled", "80.00"),
    ]  # fmt: skip
    assert found[0]["service_order_id"] == order["id"]
