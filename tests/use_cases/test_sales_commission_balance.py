"""Row S19: the running totals of a commission account are what its entries come to, whatever happens to them."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Failure
from services.chassis.handling.session import Actor
from services.sales.commission import commands, queries
from services.sales.commission.contract import CommissionBalance, CommissionBalancePage
from services.sales.commission.presenting import CLOSES
from services.sales.commission.totals import PAGE_ROWS
from services.sales.orders import commands as orders
from services.sales.receivables import commands as receivables
from services.sales.session import INDEXES, SalesSession
from services.sales.settings import commands as configuration
from services.sales.visibility import VISIBILITY_RULES
from tests.support.fakes.memory import Memory, Narrowed

ITEM = {"code": "P1", "description": "Bolo", "quantity": "1", "unit_price": "33.35"}
MANAGER = Actor("u2", "Gil", permissions=(CLOSES,))


def company_of(*sellers: str) -> Memory:
    memory = Memory(SalesSession, INDEXES, MANAGER)
    for person, category in (*((seller, "employee") for seller in sellers), ("p1", "client")):
        memory.collection("persons").insert({"_id": person, "name": f"Rita {person}", "categories": [category]})
    for seller in sellers:
        memory.ask(commands.put_commission_rate, kind="person", person_id=seller, percent="10")
    return memory


@pytest.fixture
def company() -> Memory:
    return company_of("e1", "e2")


def sell(company: Memory, seller: str = "e1", **fields: Any) -> str:
    return str(company.ask(orders.place_order, person_id="p1", items=[ITEM], seller_id=seller, **fields)["id"])


def balance(company: Memory, seller: str = "e1") -> dict[str, dict[str, str]]:
    found = CommissionBalance().dump(company.ask(queries.get_commission_balance, person_id=seller))
    return {one.pop("currency"): one for one in found["amounts"]}


def amounts(pending: str, payable: str, paid: str, earned: str) -> dict[str, str]:
    return {"pending": pending, "payable": payable, "paid": paid, "earned": earned}


def test_what_is_sold_waits_is_payable_when_paid_for_and_is_paid_by_a_closing(company: Memory) -> None:
    assert balance(company) == {}
    sell(company, terms={"count": 2})
    sell(company, "e2", currency="USD")
    assert balance(company) == {"BRL": amounts("3.34", "0.00", "0.00", "0.00")}
    assert balance(company, "e2") == {"USD": amounts("3.34", "0.00", "0.00", "0.00")}
    first = company.documents("receivables")[0]["_id"]
    company.ask(receivables.settle_receivable, receivable_id=first)
    assert balance(company)["BRL"] == amounts("1.67", "1.67", "0.00", "1.67")
    company.ask(commands.close_commission, person_id="e1")
    assert balance(company)["BRL"] == amounts("1.67", "0.00", "1.67", "1.67")


def test_an_account_of_very_many_merged_ones_is_whole_and_hides_nobody_behind_it(company: Memory) -> None:
    for number in range(2 * PAGE_ROWS + 3):
        row = {"_id": f"c1:old{number:05d}:BRL:0", "person_id": "e1", "currency": "BRL", "pending": Decimal(1)}
        company.collection("commission_totals").insert(row)
    sell(company, "e2")
    assert balance(company)["BRL"]["pending"] == f"{2 * PAGE_ROWS + 3}.00"
    first = company.ask(queries.list_commission_balances, limit=1)
    assert [one["person_id"] for one in first["items"]] == ["e1"]
    rest = company.ask(queries.list_commission_balances, cursor=first["next_cursor"])
    assert [one["person_id"] for one in rest["items"]] == ["e2"]
    assert CommissionBalancePage().dump(first)["items"][0]["amounts"][0]["pending"] == f"{2 * PAGE_ROWS + 3}.00"


def test_asking_for_a_balance_reads_no_entry_that_is_counted(company: Memory) -> None:
    for _ in range(30):
        sell(company)
    entries = company.collection("commission_entries")
    calls = entries.calls.copy()
    balance(company)
    assert (entries.calls - calls)["read"] == 1, "only for what an earlier version wrote"


def test_the_balances_of_all_come_in_pages_by_person() -> None:
    sellers = [f"e{number}" for number in range(5)]
    company = company_of(*sellers)
    for seller in sellers:
        sell(company, seller)
        sell(company, seller, currency="EUR")
    seen, cursor = list[Any](), None
    while True:
        found = company.ask(queries.list_commission_balances, limit=2, cursor=cursor)
        page = CommissionBalancePage().dump(found)
        seen, cursor = [*seen, *page["items"]], page["next_cursor"]
        if cursor is None:
            break
    assert [one["person"]["name"] for one in seen] == [f"Rita {seller}" for seller in sellers]
    assert all([one["currency"] for one in row["amounts"]] == ["BRL", "EUR"] for row in seen)
    assert company.refusal(queries.list_commission_balances, cursor="x") == "cursor_invalid"


def test_another_persons_balance_is_for_who_closes_accounts_and_of_whom_they_see(company: Memory) -> None:
    sell(company)
    sell(company, "e2")
    company.collection("persons").update_many({"_id": "e2"}, {"$set": {"categories": ["representative"]}})
    narrowed = Narrowed(company, Actor("u3", "Lia", (CLOSES,), {"category": ("representative",)}), VISIBILITY_RULES)
    look: Any = queries.list_commission_balances
    found = narrowed.run(lambda tx: look.__wrapped__(tx, {"limit": 20, "cursor": None}))
    assert [one["person_id"] for one in found["items"]] == ["e2"]
    company.actor = Actor("u1", "Ana", person="e1")
    assert company.refusal(queries.get_commission_balance, person_id="e2") == "commission_of_another"
    assert company.refusal(queries.list_commission_balances) == "commission_of_another"
    assert company.ask(queries.get_commission_balance)["person_id"] == "e1"


def test_what_an_earlier_version_wrote_is_in_the_balance_and_joins_the_totals(company: Memory) -> None:
    sell(company)
    kept = company.collection("commission_entries").kept
    for key, row in kept.items():
        kept[key] = {name: value for name, value in row.items() if name not in ("account", "counted_as")}
    company.collection("commission_totals").kept.clear()
    sell(company)
    assert balance(company)["BRL"] == amounts("6.68", "0.00", "0.00", "0.00")
    for row in company.documents("receivables"):
        company.ask(receivables.settle_receivable, receivable_id=row["_id"])
    assert balance(company)["BRL"] == amounts("0.00", "6.68", "0.00", "6.68")
    company.ask(commands.close_commission, person_id="e1")
    assert balance(company)["BRL"] == amounts("0.00", "0.00", "6.68", "6.68")
    assert {one["account"] for one in company.documents("commission_entries")} == {"e1"}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["sell", "sell", "pay", "pay", "reverse", "close", "cancel", "delete", "when"]),
        st.integers(0, 9),
    ),
    max_size=30,
)


@given(STEPS)
def test_whatever_happens_the_totals_are_what_the_entries_come_to(steps: list[tuple[str, int]]) -> None:
    company = company_of("e1", "e2")
    for what, number in steps:
        before = [company.documents(name) for name in ("commission_totals", "commission_entries")]
        try:
            _do(company, what, number)
        except Failure:
            assert before == [company.documents(name) for name in ("commission_totals", "commission_entries")]
        for seller in ("e1", "e2"):
            _check(company, seller)


def _do(company: Memory, what: str, number: int) -> None:
    titles = [row["_id"] for row in company.documents("receivables")]
    placed = [row["_id"] for row in company.documents("orders")]
    title = titles[number % len(titles)] if titles else "none"
    order = placed[number % len(placed)] if placed else "none"
    if what == "sell":
        sell(company, f"e{number % 2 + 1}", terms={"count": number % 3 + 1}, currency=["BRL", "USD"][number % 2])
    elif what == "pay":
        company.ask(receivables.settle_receivable, receivable_id=title)
    elif what == "reverse":
        paid = [one["id"] for row in company.documents("receivables") if row["_id"] == title for one in row["payments"]]
        last = paid[-1] if paid else "none"
        company.ask(receivables.reverse_payment, receivable_id=title, payment_id=last, reason="x")
    elif what == "close":
        company.ask(commands.close_commission, person_id=f"e{number % 2 + 1}", currency=["BRL", "USD"][number % 2])
    elif what == "when":
        company.ask(configuration.change_sales_settings, commission_on=["receipt", "order"][number % 2])
    else:
        use_case = orders.cancel_order if what == "cancel" else orders.delete_order
        company.ask(use_case, order_id=order, **({"reason": "x"} if what == "cancel" else {}))


def _check(company: Memory, seller: str) -> None:
    wanted: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in company.documents("commission_entries"):
        if row["person_id"] == seller:
            wanted[row["currency"]][row["status"]] += row["amount"].to_decimal()
    told = balance(company, seller)
    for currency in {*wanted, *told}:
        sums, found = wanted[currency], told.get(currency, amounts("0", "0", "0", "0"))
        shown = [Decimal(found[name]) for name in ("pending", "payable", "paid", "earned")]
        assert shown == [sums["pending"], sums["open"], sums["closed"], sums["open"] + sums["closed"]]
