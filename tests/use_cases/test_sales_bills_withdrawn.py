"""Rows S17, S18: what a contract billed wrongly is withdrawn with a reason, and its month is billed again by hand."""

from __future__ import annotations

from typing import Any

import pytest

from services.sales.contracts import commands as contracts_commands
from services.sales.contracts import queries as contracts_queries
from services.sales.orders import commands as orders_commands
from services.sales.receivables import commands, queries
from tests.support.builders.billing_in_memory import (
    DUE_DAYS,
    MONTHLY_ITEM,
    billed_events,
    put_contract,
    run_billing,
)
from tests.support.builders.sales_in_memory import with_two_buyers
from tests.support.fakes.memory import Memory

REASON = "Cobrado a mais."


def bills(memory: Memory, contract: str) -> list[dict[str, Any]]:
    asked = {"person_id": "p1", "status": ["open", "cancelled", "settled"], "limit": 50}
    found: list[dict[str, Any]] = memory.ask(queries.list_receivables, **asked)["items"]
    return [one for one in found if one["source_id"] == contract]


def withdraw(memory: Memory, receivable_id: str) -> Any:
    return memory.ask(commands.withdraw_receivable, receivable_id=receivable_id, reason=REASON)


@pytest.fixture
def company() -> Memory:
    return with_two_buyers()


@pytest.fixture
def contract(company: Memory) -> str:
    made = put_contract(company)
    run_billing(company, made)
    return made


def test_a_withdrawn_bill_is_owed_no_more_and_says_why(company: Memory, contract: str) -> None:
    first = bills(company, contract)[0]
    done = withdraw(company, first["id"])
    assert (done["status"], done["period"], done["withdrawal"]["reason"]) == ("cancelled", "2026-09", REASON)
    assert vars(done["withdrawal"]["by"]) == {"id": "u1", "name": "Ana"}
    assert "receivable_withdrawn" in [row["name"] for row in company.documents("outbox")]
    assert company.refusal(commands.withdraw_receivable, receivable_id=first["id"], reason="x") == "receivable_not_open"
    assert company.refusal(commands.settle_receivable, receivable_id=first["id"]) == "receivable_not_open"


def test_no_job_bills_a_withdrawn_month_again(company: Memory, contract: str) -> None:
    withdraw(company, bills(company, contract)[0]["id"])
    assert run_billing(company, contract) == 0
    assert run_billing(company, contract, "2026-12-24T15:00:00+00:00") == 1
    assert [one["due_date"].isoformat() for one in bills(company, contract)] == [*DUE_DAYS, "2026-12-10"]


def test_a_withdrawn_month_is_billed_again_by_hand_once_and_the_next_ones_by_themselves(
    company: Memory, contract: str
) -> None:
    bill, given = contracts_commands.bill_period, {"contract_id": contract, "period": "2026-09"}
    assert company.refusal(bill, **given) == "period_not_withdrawn"
    withdraw(company, bills(company, contract)[0]["id"])
    again = company.ask(bill, **given, amount="80.00", due_on="2026-12-01")
    assert (str(again["amount"]), again["due_date"].isoformat(), again["period"], again["status"]) == (
        "80.00", "2026-12-01", "2026-09", "open",
    )  # fmt: skip
    assert company.refusal(bill, **given) == "period_not_withdrawn"
    assert billed_events(company)[-1]["amount"] == "80.00"
    assert run_billing(company, contract, "2026-12-24T15:00:00+00:00") == 1
    numbers = [one["instalment"] for one in bills(company, contract)]
    assert len(numbers) == len({*numbers}) == 5
    withdraw(company, again["id"])
    third = company.ask(bill, **given)
    assert (str(third["amount"]), third["due_date"].isoformat()) == ("80.00", "2026-12-01")


def test_what_was_not_billed_by_a_contract_or_was_paid_is_not_withdrawn(company: Memory, contract: str) -> None:
    order = company.ask(orders_commands.place_order, person_id="p1", items=[MONTHLY_ITEM])
    [of_order] = [one for one in company.documents("receivables") if one["source_id"] == order["id"]]
    given = {"receivable_id": of_order["_id"], "reason": REASON}
    assert company.refusal(commands.withdraw_receivable, **given) == "receivable_not_of_contract"
    paid = bills(company, contract)[1]["id"]
    company.ask(commands.settle_receivable, receivable_id=paid, amount="10.00")
    given = {"receivable_id": paid, "reason": REASON}
    assert company.refusal(commands.withdraw_receivable, **given) == "receivable_not_open"
    assert company.refusal(commands.withdraw_receivable, receivable_id="none", reason="x") == "receivable_not_found"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"period": "2026-13"}, "input_invalid"), ({"period": "2027-01"}, "period_not_withdrawn"),
        ({"amount": "0"}, "amount_invalid"), ({"contract_id": "none"}, "contract_not_found"),
    ],
)  # fmt: skip
def test_what_cannot_be_billed_again(company: Memory, contract: str, fields: dict[str, str], code: str) -> None:
    withdraw(company, bills(company, contract)[0]["id"])
    given = {"contract_id": contract, "period": "2026-09", **fields}
    assert company.refusal(contracts_commands.bill_period, **given) == code
    assert company.ask(contracts_queries.get_contract, id=contract)["version"]
