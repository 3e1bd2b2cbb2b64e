"""Contracts of sales on the in-memory session, and their billing as the job does it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from services.sales.contracts import commands
from services.sales.contracts.billing import bill
from tests.support.fakes.memory import Memory

# The day of all that is asked here is 2026-11-24 (support/fakes/memory.py).
MONTHLY_ITEM = {"code": "P1", "description": "Plano", "quantity": "1", "unit_price": "100.00"}
CONTRACT: dict[str, Any] = {
    "external_id": "E",
    "items": [MONTHLY_ITEM],
    "starts_on": "2026-06-10",
    "bills_from": "2026-09-01",
}
DUE_DAYS = ["2026-09-10", "2026-10-10", "2026-11-10"]


def put_contract(company: Memory, person: str = "p1", **fields: Any) -> str:
    return str(company.ask(commands.put_contract, **{**CONTRACT, "person_id": person, **fields})["id"])


def run_billing(company: Memory, contract_id: str, at: str | None = None) -> int:
    """As the job does, at a moment of the clock."""

    def work(tx: Any) -> int:
        if at is not None:
            tx.now = dt.datetime.fromisoformat(at)
        return bill(tx, contract_id)

    return int(company.run(work))


def billed_events(company: Memory) -> list[dict[str, Any]]:
    told = [json.loads(row["envelope"]) for row in company.documents("outbox")]
    return [one["data"] for one in told if one["name"] == "contract_billed"]
