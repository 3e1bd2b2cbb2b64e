"""Rows S6, S7, S10: whatever is done to opportunities and actions, the kept totals are what counting would give."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import Conflict
from services.chassis.storage.rows import Document
from services.sales.actions.model import CANCELLED, DONE, PENDING, Action
from services.sales.actions.repository import Actions
from services.sales.actions.totals import ActionTotals
from services.sales.closing.model import Closing
from services.sales.opportunities.model import Opportunity
from services.sales.opportunities.repository import Opportunities, document_of, opportunity_of
from services.sales.opportunities.totals import StageTotals
from services.sales.pipeline.model import Pipeline

NOW = dt.datetime(2026, 7, 2, 12, tzinfo=dt.UTC)
TODAY = dt.date(2026, 7, 2)
PIPELINE = Pipeline.default("c1")


class Documents:
    """The few words of a tenant's collection that these stores use, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Document] = {}
        self.visible = self

    def find_one(self, where: Document) -> Document | None:
        return self.kept.get(where["_id"])

    def find(self, where: Document, sort: Any, limit: int) -> list[Document]:
        wanted = {name: value["$in"] if isinstance(value, dict) else [value] for name, value in where.items()}
        found = [d for d in self.kept.values() if all(d.get(name) in values for name, values in wanted.items())]
        return found[:limit]

    def insert(self, document: Document, *, later: bool = False) -> None:
        self.kept[document["_id"]] = document

    replace = insert

    def delete(self, where: Document) -> bool:
        return self.kept.pop(where["_id"], None) is not None

    def increment(self, record_id: str, amounts: Document, first: Document) -> None:
        found = self.kept.setdefault(record_id, {"_id": record_id, **first})
        for path, value in amounts.items():
            holder, (*folders, name) = found, path.split(".")
            for folder in folders:
                holder = holder.setdefault(folder, {})
            if isinstance(value, Decimal128):
                before = holder.get(name, Decimal128("0")).to_decimal()
                holder[name] = Decimal128(before + value.to_decimal())
            else:
                holder[name] = holder.get(name, 0) + value

    def increment_many(self, changes: list[tuple[str, Document, Document]]) -> None:
        for change in changes:
            self.increment(*change)


amounts = st.none() | st.decimals(0, 10**9, places=2)
steps = st.lists(
    st.tuples(
        st.sampled_from(["create", "move", "change", "archive", "unarchive", "delete", "touch", "reopen"]),
        st.integers(0, 20),
        st.integers(0, 4),
        amounts,
        st.sampled_from(["BRL", "USD"]),
    ),
    max_size=60,
)


@given(steps)
def test_the_board_counts_and_sums_what_is_there(steps: list[tuple[str, int, int, Decimal | None, str]]) -> None:
    documents, parts = Documents(), Documents()
    for number, (step, which, stage, amount, currency) in enumerate(steps):
        totals = StageTotals(parts)  # type: ignore[arg-type]
        opportunities = Opportunities(documents, totals)  # type: ignore[arg-type]
        try:
            _do(opportunities, documents, step, number, which, stage, amount, currency)
        except Conflict:
            continue  # refused before anything was written
        totals.write()
    counts: Counter[str] = Counter()
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for found in map(opportunity_of, documents.kept.values()):
        if found.archived_at is None:
            counts[found.stage_id] += 1
            sums[found.stage_id][found.currency] += found.amount or 0
    for place in PIPELINE.stages:
        count, worth = StageTotals(parts).of(place.id)  # type: ignore[arg-type]
        assert count == counts[place.id]
        assert worth == {currency: amount for currency, amount in sums[place.id].items() if amount}


def _do(
    opportunities: Opportunities, documents: Documents, step: str, number: int, which: int, stage: int,
    amount: Decimal | None, currency: str,
) -> None:  # fmt: skip
    data = {"amount": amount, "currency": currency}
    if step == "create":
        given = {"person_id": "p", "description": "x", **data}
        made = Opportunity.create(str(number), "c1", PIPELINE.stages[stage], NOW, TODAY, given)
        opportunities.add(made)
        return
    there = sorted(documents.kept)
    if not there:
        return
    found = opportunities.get(there[which % len(there)])
    if step == "delete":
        opportunities.delete(found)
        return
    changes: dict[str, Callable[[], object]] = {
        "move": lambda: _move(found, stage),
        "reopen": lambda: found.reopen(PIPELINE, NOW),
        "change": lambda: found.change(data),
        "archive": lambda: found.archive(NOW),
        "unarchive": found.unarchive,
        "touch": lambda: found.interacted(NOW + dt.timedelta(minutes=number)),
    }
    changes[step]()
    opportunities.save(found)


def _move(opportunity: Opportunity, stage: int) -> None:
    if not PIPELINE.stages[stage].closing:
        opportunity.move(PIPELINE.stages[stage])
        return
    opportunity.must_be_open()
    opportunity.close(NOW, PIPELINE.closing, Closing("Ana"))


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, DONE, CANCELLED])), max_size=30))
def test_the_report_counts_what_was_recorded(plan: list[tuple[int, str | None]]) -> None:
    parts, expected = Documents(), Counter[str]()
    for number, (user, settled) in enumerate(plan):
        totals = ActionTotals(parts, "c1")  # type: ignore[arg-type]
        actions = Actions(Documents(), totals)  # type: ignore[arg-type]
        action = Action(
            str(number), "o", "t", "p", "s", "call", "x", None, None, PENDING, f"u{user}", "Ana", TODAY, NOW
        )  # fmt: skip
        actions.add(action)
        if settled:
            action.settle(settled, "u", NOW)
            actions.save(action, was=PENDING)
        totals.write()
        expected[f"u{user} {action.situation}"] += 1
    counted = Counter[str]()
    for part in parts.kept.values():
        counted.update({f"{part['user_id']} {name}": part.get(name, 0) for name in (PENDING, DONE, CANCELLED)})
    assert +counted == expected


@given(amounts, st.lists(st.text(min_size=1, max_size=5), max_size=3, unique=True))
def test_what_is_stored_is_what_is_read(amount: Decimal | None, markers: list[str]) -> None:
    given = {"person_id": "p", "description": "x", "amount": amount, "internal_contact_date": TODAY}
    made = Opportunity.create("o", "c1", PIPELINE.first, NOW, TODAY, given)
    made.markers = markers
    assert opportunity_of(document_of(made)) == made
