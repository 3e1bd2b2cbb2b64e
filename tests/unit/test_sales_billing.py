"""Row S17: each period of a contract is billed once, on its due day, at the price agreed when it began (ADR 0034)."""

from __future__ import annotations

import calendar
import datetime as dt
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Failure
from services.sales.contracts.model import ACTIVE, STOPPED, SUSPENDED, Contract
from services.sales.contracts.periods import BILLED, DONATED, Charge, day_in, next_period
from services.sales.shared.items import Basket

START = dt.date(2026, 1, 1)
NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
MONTHS = 24
DAYS = 731


def priced(price: str) -> Basket:
    return Basket.of([{"product": "P", "description": "Plano", "quantity": 1, "unit_price": Decimal(price)}], None)


def contract(price: str = "100.00", starts_on: dt.date = START, today: dt.date = START, **fields: Any) -> Contract:
    bills_from = fields.pop("bills_from", None)
    made = Contract("c1", 7, "p1", "external", "x", priced(price), starts_on, NOW, **fields)
    made.begin_billing(bills_from, today)
    return made


def revise(made: Contract, today: dt.date, price: str | None = None, **fields: Any) -> None:
    names = ("kind", "billing", "starts_on", "currency", "due_day")
    given = {name: getattr(made, name) for name in names} | fields
    made.revise(priced(price) if price else made.basket, today=today, **given)


def billed(charges: list[Charge]) -> list[tuple[str, str]]:
    return [(charge.due_date.isoformat(), str(charge.amount)) for charge in charges]


def every(made: Contract, today: dt.date) -> list[tuple[str, str]]:
    return billed(made.bill(today, 1_000))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_a_month_is_billed_on_its_due_day_and_not_again() -> None:
    made = contract(due_day=10)
    assert every(made, day("2026-01-09")) == []
    assert every(made, day("2026-01-10")) == [("2026-01-10", "100.00")]
    assert every(made, day("2026-01-10")) == every(made, day("2026-01-01")) == []
    assert made.next_due == day("2026-02-10")


def test_months_missed_in_an_outage_are_billed_in_their_order_a_few_at_once() -> None:
    made = contract(due_day=31)
    days = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    first, second = made.bill(day("2026-05-07"), 3), made.bill(day("2026-05-07"), 3)
    assert [charge.due_date.isoformat() for charge in [*first, *second]] == days
    assert [charge.number for charge in [*first, *second]] == [1, 2, 3, 4]


def test_a_due_day_that_a_month_lacks_is_its_last_one_in_leap_years_too() -> None:
    assert [day_in(month, 31).day for month in ("2028-02", "2027-02", "2027-04", "2027-12")] == [29, 28, 30, 31]
    assert next_period("2026-12") == "2027-01"


def test_the_first_period_is_whole_and_due_on_the_first_due_day_of_the_contract() -> None:
    made = contract(starts_on=day("2026-01-20"), due_day=10)
    assert every(made, day("2026-02-28")) == [("2026-02-10", "100.00")]


def test_a_new_price_counts_from_the_next_period_on_however_late_it_is_billed() -> None:
    made = contract(due_day=20)
    revise(made, day("2026-02-05"), "150.00")
    late = every(made, day("2026-04-01"))
    assert late == [("2026-01-20", "100.00"), ("2026-02-20", "100.00"), ("2026-03-20", "150.00")]


def test_a_new_due_day_bills_no_month_twice_and_leaves_none_out() -> None:
    made = contract(due_day=5)
    assert every(made, day("2026-02-10")) == [("2026-01-05", "100.00"), ("2026-02-05", "100.00")]
    revise(made, day("2026-02-10"), due_day=25)
    assert every(made, day("2026-03-31")) == [("2026-03-25", "100.00")]
    revise(made, day("2026-04-10"), due_day=1)
    assert every(made, day("2026-05-31")) == [("2026-04-25", "100.00"), ("2026-05-01", "100.00")]


def test_what_was_changed_before_the_contract_begins_counts_for_its_first_period() -> None:
    made = contract(starts_on=day("2026-03-20"), due_day=20)
    revise(made, day("2026-03-10"), "90.00", starts_on=day("2026-03-15"), due_day=15)
    assert every(made, day("2026-04-14")) == [("2026-03-15", "90.00")]


def test_what_is_measured_is_billed_as_put_before_the_due_day() -> None:
    made = contract("30.00", kind="variable", due_day=20)
    revise(made, day("2026-01-19"), "42.50")
    revise(made, day("2026-02-20"), "99.00")
    assert every(made, day("2026-03-20")) == [
        ("2026-01-20", "42.50"), ("2026-02-20", "42.50"), ("2026-03-20", "99.00"),
    ]  # fmt: skip


def test_a_suspension_leaves_out_what_is_due_in_it_and_not_what_was_due_before() -> None:
    made = contract(due_day=10)
    made.suspend("Obra.", NOW, day("2026-01-12"))
    assert every(made, day("2026-03-01")) == [("2026-01-10", "100.00")], "an outage lasted until after the suspension"
    assert made.next_due is None
    made.resume(NOW, day("2026-03-05"))
    assert every(made, day("2026-04-10")) == [("2026-03-10", "100.00"), ("2026-04-10", "100.00")]


def test_who_is_active_at_some_time_of_the_due_day_is_billed() -> None:
    made = contract(due_day=10)
    made.suspend("Obra.", NOW, day("2026-01-10"))
    assert every(made, day("2026-01-10")) == [("2026-01-10", "100.00")]
    assert every(made, day("2026-02-10")) == [], "the day is not over"
    made.resume(NOW, day("2026-02-10"))
    assert every(made, day("2026-02-10")) == [("2026-02-10", "100.00")]


def test_a_stopped_contract_is_billed_for_what_was_due_before_and_no_more() -> None:
    made = contract(due_day=10)
    made.stop("Fim.", NOW, day("2026-02-20"))
    assert every(made, day("2026-12-01")) == [("2026-01-10", "100.00"), ("2026-02-10", "100.00")]
    assert made.next_due is None


def test_an_erased_persons_contract_is_billed_no_more_not_even_what_is_due() -> None:
    made = contract(due_day=10)
    made.end("Eliminado.", NOW)
    assert (every(made, day("2026-12-01")), made.status, made.next_due) == ([], STOPPED, None)


def test_a_donated_contract_and_one_of_nothing_are_not_billed() -> None:
    assert every(contract(billing=DONATED), day("2027-01-01")) == []
    assert contract(billing=DONATED).next_due is None
    assert every(contract("0.00"), day("2027-01-01")) == []


def test_what_was_due_before_the_contract_was_known_is_billed_elsewhere_unless_asked_for() -> None:
    made = contract(starts_on=day("2020-01-10"), today=day("2026-03-12"))
    assert every(made, day("2026-04-10")) == [("2026-04-10", "100.00")]
    asked = contract(starts_on=day("2020-01-10"), today=day("2026-03-12"), bills_from=day("2026-02-01"))
    assert [due for due, _ in every(asked, day("2026-03-12"))] == ["2026-02-10", "2026-03-10"]


def test_looking_ahead_changes_nothing() -> None:
    made = contract(due_day=10)
    kept = deepcopy(made)
    assert len(made.charges_until(day("2026-12-31"), 100)) == 12
    assert made == kept


def test_what_is_known_of_a_contract_does_not_grow_with_its_changes() -> None:
    made = contract(billing=DONATED)
    for number in range(500):
        today = START + dt.timedelta(days=3 * number)
        revise(made, today, f"{number + 1}.00")
        made.suspend("Obra.", NOW, today)
        made.resume(NOW, today + dt.timedelta(days=2))
    assert made.plan
    assert len(made.plan.agreements) < 20
    assert len(made.plan.suspensions) < 20


# Two years of a contract, told day by day, against a book-keeper who knows only what was said on which day.


@dataclass
class Bookkeeper:
    """Decides each month by looking through everything that was ever said; slow, and without a plan."""

    created: dt.date
    said: list[tuple[dt.date, dict[str, Any]]]
    pauses: list[list[Any]] = field(default_factory=list)
    stopped: dt.date | None = None
    decided: set[str] = field(default_factory=set)
    owed: dict[str, tuple[dt.date, str]] = field(default_factory=dict)

    def look(self, today: dt.date, skips_only: bool = False) -> None:
        month = dt.date.fromisoformat(f"{max(self.decided, default=f'{self.created:%Y-%m}')}-01")
        while month <= today:
            name = f"{month:%Y-%m}"
            if name not in self.decided and not self._decide(name, month, today, skips_only):
                return
            month = (month + dt.timedelta(days=32)).replace(day=1)

    def _decide(self, name: str, month: dt.date, today: dt.date, skips_only: bool) -> bool:
        terms = self.said[0][1]
        for since, later in self.said[1:]:
            if since < max(month, terms["starts_on"]):
                terms = later
        due = month.replace(day=min(terms["due_day"], calendar.monthrange(month.year, month.month)[1]))
        paused = [one for one in self.pauses if one[0] < due and (one[1] is None or due < one[1])]
        if due > today or (due == today and any(one[1] is None for one in paused)):
            return False
        owes = terms["billing"] == BILLED and due >= max(terms["starts_on"], self.created)
        owes = owes and not paused and not (self.stopped and due > self.stopped)
        if owes and skips_only:
            return False
        if due < terms["starts_on"]:
            return True  # until the contract begins, it may begin otherwise
        self.decided.add(name)
        if owes:
            self.owed[name] = (due, terms["price"])
        return True


events = st.lists(
    st.tuples(
        st.integers(0, MONTHS - 1),
        st.one_of(st.sampled_from([-1, 0, 0, 1]), st.integers(-31, 31)),
        st.sampled_from(["bill"] * 4 + ["suspend", "resume", "price", "due_day", "billing", "stop", "back", "ahead"]),
        st.integers(1, 31),
        st.integers(1, 10_000_000),
    ),
    max_size=30,
)


@given(st.integers(0, 400), st.integers(1, 31), st.integers(1, 10_000_000), st.integers(1, 5), events)
def test_two_years_of_any_contract_bill_each_period_once_and_to_the_cent(
    starts: int, due_day: int, price: int, most: int, told: list[Any]
) -> None:
    """24 months of a contract that is suspended, resumed, stopped and changed; billed in any split of runs, by a clock
    that is set back and ahead meanwhile. `make properties` tries 2,000 contracts."""
    worth = str(Decimal(price).scaleb(-2))
    made = contract(worth, START + dt.timedelta(days=starts), due_day=due_day)
    terms = {"starts_on": made.starts_on, "due_day": due_day, "billing": BILLED, "price": worth}
    book, charges, clock = Bookkeeper(START, [(START, terms)]), list[Charge](), 0
    for at, what, number, cents in [*_by_day(told, due_day), (DAYS, "true", 0, 0), (DAYS, "bill", 0, 0)]:
        clock = {"back": clock - 9 * number, "ahead": clock + 4 * number, "true": -at}.get(what, clock)
        today = max(START, START + dt.timedelta(days=at + (clock if what != "true" else 0)))
        if what == "true":
            clock = 0
        elif what in ("bill", "back", "ahead"):
            book.look(today)
            while some := made.bill(today, most):
                charges += some
        else:
            _change(made, book, what, today, number, cents)
    assert {one.period: (one.due_date, str(one.amount)) for one in charges} == book.owed
    assert len(charges) == len({one.period for one in charges}), "none twice"
    assert [one.period for one in charges] == sorted(book.owed), "in their order"
    assert sum(one.amount for one in charges) == sum(Decimal(amount) for _, amount in book.owed.values())
    assert [one.number for one in charges] == list(range(1, len(charges) + 1))


def _by_day(told: list[Any], due_day: int) -> list[Any]:
    """What happens in a month, so many days from its due day."""
    dues = [day_in(f"{2026 + month // 12}-{month % 12 + 1:02}", due_day) for month in range(MONTHS)]
    dated = [(max(0, (dues[month] - START).days + shift), *rest) for month, shift, *rest in told]
    return sorted(dated, key=lambda one: int(one[0]))


def _change(made: Contract, book: Bookkeeper, what: str, today: dt.date, number: int, cents: int) -> None:
    """Of the contract, and told to the book-keeper; what the contract refuses changes nothing."""
    allowed = {"suspend": (ACTIVE,), "resume": (SUSPENDED,)}.get(what, (ACTIVE, SUSPENDED))
    if made.status not in allowed:
        with pytest.raises(Failure):
            _say(made, what, today, {})
        return
    book.look(today, skips_only=True)
    terms = dict(book.said[-1][1])
    if what == "billing":
        terms["billing"] = DONATED if terms["billing"] == BILLED else BILLED
    elif what in ("price", "due_day"):
        terms[what] = number if what == "due_day" else str(Decimal(cents).scaleb(-2))
    _say(made, what, today, terms)
    if what == "suspend":
        book.pauses.append([today, None])
    elif what == "resume":
        book.pauses[-1][1] = today
    elif what == "stop":
        book.stopped = today
    elif terms != book.said[-1][1]:
        book.said.append((today, terms))


def _say(made: Contract, what: str, today: dt.date, terms: dict[str, Any]) -> None:
    if what == "suspend":
        made.suspend("x", NOW, today)
    elif what == "resume":
        made.resume(NOW, today)
    elif what == "stop":
        made.stop("x", NOW, today)
    else:
        revise(made, today, **terms)
