"""Row S17: what is due of a contract becomes a receivable, once; and what billing would do by a day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from services.chassis.errors import Failure
from services.chassis.handling.session import Actor
from services.sales.contracts import commands, queries
from services.sales.contracts.billing import MOST_AT_ONCE
from services.sales.contracts.contract import BillingPreview
from services.sales.receivables import queries as receivables
from services.sales.visibility import VISIBILITY_RULES
from tests.support.builders.billing_in_memory import (
    CONTRACT,
    DUE_DAYS,
    MONTHLY_ITEM,
    billed_events,
    put_contract,
    run_billing,
)
from tests.support.builders.sales_in_memory import with_two_buyers
from tests.support.fakes.memory import Memory, Narrowed


@pytest.fixture
def company() -> Memory:
    return with_two_buyers()


def owed(company: Memory, contract_id: str) -> list[str]:
    rows = [one for one in company.documents("receivables") if one["source_id"] == contract_id]
    return sorted(one["due_date"] for one in rows)


def test_what_is_due_becomes_receivables_of_the_person_each_announced_once(company: Memory) -> None:
    contract = put_contract(company)
    assert (run_billing(company, contract), run_billing(company, contract)) == (3, 0)
    assert owed(company, contract) == DUE_DAYS
    shown = company.ask(receivables.list_receivables, person_id="p1")["items"]
    assert [(one["source"], one["period"], one["instalment"], one["instalments"]) for one in shown] == [
        ("contract", period[:7], number, None) for number, period in enumerate(DUE_DAYS, 1)
    ]
    assert shown[0]["description"] == "Contrato 1, 09/2026"
    assert [one["due_date"] for one in billed_events(company)] == DUE_DAYS
    assert {one["amount"] for one in billed_events(company)} == {"100.00"}


def test_a_period_is_billed_once_even_where_the_plan_was_lost(company: Memory) -> None:
    contract = put_contract(company)
    known = company.documents("contracts")[0]
    run_billing(company, contract)
    kept = company.collection("contracts").kept
    kept[contract] = {**known, "version": kept[contract]["version"]}
    assert run_billing(company, contract) == 0
    assert owed(company, contract) == DUE_DAYS
    assert len(billed_events(company)) == 3
    assert run_billing(company, contract, "2026-12-24T15:00:00+00:00") == 1


def test_it_is_due_again_from_the_first_moment_of_the_next_due_day_in_the_companys_zone(company: Memory) -> None:
    contract = put_contract(company)
    run_billing(company, contract)
    (row,) = company.documents("contracts")
    assert (row["next_due"], row["next_at"]) == ("2026-12-10", dt.datetime(2026, 12, 10, 3, tzinfo=dt.UTC))
    assert run_billing(company, contract, "2026-12-10T02:59:59+00:00") == 0
    assert run_billing(company, contract, "2026-12-10T03:00:00+00:00") == 1


def test_many_missed_periods_are_billed_in_batches(company: Memory) -> None:
    contract = put_contract(company, starts_on="2020-01-10", bills_from="2022-01-01")
    assert run_billing(company, contract) == MOST_AT_ONCE
    (row,) = company.documents("contracts")
    assert row["next_at"] < dt.datetime(2026, 11, 24, tzinfo=dt.UTC), "due at once"
    while run_billing(company, contract):
        pass
    assert len(owed(company, contract)) == len({*owed(company, contract)}) == 59


def test_a_contract_looked_at_too_early_waits_and_is_not_changed(company: Memory) -> None:
    contract = put_contract(company)
    run_billing(company, contract)
    before = company.documents("contracts")
    company.collection("contracts").update_many({"_id": contract}, {"$set": {"next_at": None}})
    assert run_billing(company, contract) == 0
    assert company.documents("contracts") == before


def test_a_contract_that_cannot_be_read_fails_alone(company: Memory) -> None:
    bad, good = put_contract(company, external_id="bad"), put_contract(company, external_id="good")
    company.collection("contracts").update_many({"_id": bad}, {"$set": {"basket": "broken"}})
    with pytest.raises(Exception) as failed:
        run_billing(company, bad)
    assert not isinstance(failed.value, Failure)
    assert run_billing(company, good) == 3


def test_a_suspended_or_stopped_contract_is_still_billed_for_what_was_due_before(company: Memory) -> None:
    contract = put_contract(company)
    company.ask(commands.suspend_contract, contract_id=contract, reason="Obra.")
    assert run_billing(company, contract) == 3
    (row,) = company.documents("contracts")
    assert (row["next_due"], row["next_at"]) == (None, None)
    company.ask(commands.resume_contract, contract_id=contract)
    assert company.documents("contracts")[0]["next_due"] == "2026-12-10"
    company.ask(commands.stop_contract, contract_id=contract, reason="Fim.")
    assert company.documents("contracts")[0]["next_due"] is None


def test_the_contract_of_an_erased_person_ends(company: Memory) -> None:
    contract = put_contract(company)
    company.collection("persons").update_many({"_id": "p1"}, {"$set": {"erased": True}})
    assert preview(company)["items"] == []
    assert run_billing(company, contract) == 0
    assert (owed(company, contract), company.documents("contracts")[0]["status"]) == ([], "stopped")
    assert company.documents("contracts")[0]["next_at"] is None


def test_billing_afterwards_reaches_five_years_back(company: Memory) -> None:
    body = {**CONTRACT, "person_id": "p1", "bills_from": "2021-11-01"}
    assert company.refusal(commands.put_contract, **body) == "bills_from_too_early"
    assert put_contract(company, bills_from="2021-12-01")


def preview(company: Memory, **asked: Any) -> Any:
    """As it is answered."""
    return BillingPreview().dump(company.ask(queries.get_billing_preview, **asked))


def test_the_preview_says_what_would_be_billed_for_whom_and_why(company: Memory) -> None:
    put_contract(company)
    put_contract(
        company,
        "p2",
        external_id="F",
        starts_on="2026-12-05",
        items=[{**MONTHLY_ITEM, "unit_price": "7.50"}],
        currency="USD",
    )
    now = preview(company)
    assert [(one["person"]["name"], [each["due_on"] for each in one["charges"]]) for one in now["items"]] == [
        ("Compradora", DUE_DAYS)
    ]
    charge = now["items"][0]["charges"][0]
    assert (charge["amount"], charge["late"], charge["priced_on"]) == ("100.00", True, "2026-11-24")
    assert (
        charge["reason"] == "Mensalidade de 09/2026, com vencimento em 10/09/2026, pelo valor informado em 24/11/2026."
    )
    later = preview(company, on="2026-12-31")
    assert later["totals"] == [
        {"currency": "BRL", "contracts": 1, "charges": 4, "amount": "400.00"},
        {"currency": "USD", "contracts": 1, "charges": 1, "amount": "7.50"},
    ]
    assert later["totals_complete"]
    assert company.documents("receivables") == [], "nothing is billed by looking"


def test_what_the_preview_says_is_what_is_billed_then(company: Memory) -> None:
    contracts = [put_contract(company, external_id=str(number), due_day=number) for number in (1, 15, 31)]
    told = [charge["due_on"] for one in preview(company, on="2027-03-31")["items"] for charge in one["charges"]]
    for contract in contracts:
        run_billing(company, contract, "2027-04-01T02:59:00+00:00")
    assert sorted(told) == sorted(one["due_date"] for one in company.documents("receivables"))


def test_the_preview_comes_in_pages_and_its_totals_with_the_first(company: Memory) -> None:
    made = {put_contract(company, external_id=str(number), due_day=number % 5 + 1) for number in range(7)}
    first = preview(company, limit=3)
    seen, cursor = [*first["items"]], first["next_cursor"]
    while cursor:
        page = preview(company, limit=3, cursor=cursor)
        assert page["totals"] is None
        seen, cursor = [*seen, *page["items"]], page["next_cursor"]
    assert [one["contract_id"] for one in seen] != sorted(made)
    assert {one["contract_id"] for one in seen} == made
    assert len(seen) == 7
    worth = sum(Decimal(charge["amount"]) for one in seen for charge in one["charges"])
    assert Decimal(first["totals"][0]["amount"]) == worth


def test_the_preview_reaches_a_year_ahead(company: Memory) -> None:
    assert company.refusal(queries.get_billing_preview, on="2027-11-26") == "day_too_far"
    assert preview(company, on="2027-11-25")["items"] == []


def test_the_preview_shows_and_adds_up_only_what_the_user_sees(company: Memory) -> None:
    put_contract(company)
    company.collection("persons").insert({"_id": "p3", "name": "Fornecedora", "categories": ["supplier"]})
    put_contract(company, "p3")
    narrowed = Narrowed(company, Actor("u2", "Gil", scopes={"category": ("client",)}), VISIBILITY_RULES)
    asked = {"on": None, "limit": 20, "cursor": None}
    look: Any = queries.get_billing_preview
    found = narrowed.run(lambda tx: look.__wrapped__(tx, asked))
    assert [one["person_id"] for one in found["items"]] == ["p1"]
    assert found["totals"][0]["contracts"] == 1
