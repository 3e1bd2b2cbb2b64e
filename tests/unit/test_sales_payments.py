"""Row S18: a receivable is paid at once or in parts, to the cent; a payment taken back leaves its record."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Conflict, Invalid
from services.sales.receivables.model import MOST_PAYMENTS, Payment, Receivable
from tests.support.builders.sales_records import NOW, TODAY


def test_a_receivable_is_settled_once_and_can_be_taken_back() -> None:
    title = Receivable("r1", "p1", "order", "o1", 1, 1, TODAY, Decimal("10.00"), NOW)
    title.settle(payment("10.50", interest="0.50"), TODAY)
    with pytest.raises(Conflict, match="receivable_not_open"):
        title.settle(payment("1.00"), TODAY)
    assert title.reverse("m1", "Erro.", "u2", "Gil", NOW).reversed_by == "u2"
    assert (title.status, title.paid, title.outstanding) == ("open", Decimal(0), Decimal("10.00"))
    title.cancel()
    with pytest.raises(Conflict, match="payment_reversed"):
        title.reverse("m1", "Erro.", "u2", "Gil", NOW)
    with pytest.raises(Conflict, match="receivable_not_open"):
        title.settle(payment("1.00"), TODAY)


def payment(amount: str, id: str = "m1", **fields: Any) -> Payment:
    more: Any = {name: Decimal(fields.pop(name, 0)) for name in ("interest", "discount")}
    return Payment(id, Decimal(amount), fields.get("paid_on", TODAY), "pix", NOW, "u1", "Ana", **more)


def receivable(amount: str = "100.00") -> Receivable:
    return Receivable("r1", "p1", "order", "o1", 1, 1, TODAY, Decimal(amount), NOW)


def test_a_receivable_is_settled_in_parts_until_nothing_is_outstanding() -> None:
    title = receivable()
    title.settle(payment("30.00"), TODAY)
    assert (title.status, title.outstanding, title.settled_at) == ("partially_settled", Decimal("70.00"), None)
    title.settle(payment("65.00", "m2", interest="5.00", discount="10.00"), TODAY)
    assert (title.status, title.paid, title.outstanding, title.settled_at) == (
        "settled", Decimal("95.00"), Decimal("0.00"), NOW,
    )  # fmt: skip
    title.reverse("m1", "Cheque devolvido.", "u2", "Gil", NOW)
    assert (title.status, title.outstanding, title.settled_at) == ("partially_settled", Decimal("30.00"), None)
    assert [one.id for one in title.payments] == ["m1", "m2"], "the record stays"
    title.cancel()
    assert title.status == "partially_settled", "money was received"


def test_more_than_is_outstanding_is_not_paid_nor_nothing_at_all() -> None:
    title = receivable()
    title.settle(payment("60.00"), TODAY)
    with pytest.raises(Conflict, match="payment_exceeds_outstanding") as refused:
        title.settle(payment("40.01", "m2"), TODAY)
    assert refused.value.params == {"outstanding": "40.00"}
    for amount, more in (("0.00", {}), ("5.00", {"interest": "5.00"}), ("5.00", {"interest": "6.00"})):
        with pytest.raises(Invalid, match="payment_settles_nothing"):
            title.settle(payment(amount, "m2", **more), TODAY)
    title.settle(payment("0.00", "m2", discount="40.00"), TODAY)
    assert title.status == "settled"


def test_a_receivable_has_so_many_payments_and_no_more() -> None:
    title = receivable("1000.00")
    for number in range(MOST_PAYMENTS):
        title.settle(payment("0.01", str(number)), TODAY)
    with pytest.raises(Conflict, match="payments_too_many"):
        title.settle(payment("0.01", "more"), TODAY)


@given(
    st.decimals(min_value=0, max_value=10**6, places=2),
    st.lists(st.tuples(st.booleans(), *[st.decimals(min_value=0, max_value=10**6, places=2)] * 3), max_size=20),
)
def test_whatever_is_paid_and_taken_back_what_is_paid_and_what_is_owed_are_exact(
    amount: Decimal, steps: list[tuple[bool, Decimal, Decimal, Decimal]]
) -> None:
    title, active_payments = receivable(str(amount)), dict[str, Decimal]()
    for number, (takes_back, money, interest, discount) in enumerate(steps):
        if takes_back and active_payments:
            gone = min(active_payments)
            title.reverse(gone, "x", "u", "U", NOW)
            del active_payments[gone]
            continue
        settles = money - interest + discount
        owed = amount - sum(active_payments.values())
        able = (0 < settles <= owed or (settles == owed == amount == 0)) and title.status != "settled"
        try:
            title.settle(payment(str(money), f"m{number:02}", interest=interest, discount=discount), TODAY)
        except (Conflict, Invalid):
            assert not able
        else:
            assert able
            active_payments[f"m{number:02}"] = settles
        assert title.outstanding == amount - sum(active_payments.values())
        assert (title.status == "settled") == (bool(active_payments) and title.outstanding == 0)
        assert (title.status == "open") == (not active_payments)
    assert len(title.active_payments) == len(active_payments)


def test_nothing_was_paid_on_a_day_to_come() -> None:
    title = receivable()
    with pytest.raises(Invalid, match="date_future"):
        title.settle(payment("10.00", paid_on=TODAY + dt.timedelta(days=1)), TODAY)
    assert title.status == "open"
