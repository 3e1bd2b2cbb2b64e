"""Figures of a period, from lean reads of an index: bounded, as the user sees the records, exact to the cent."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128

from services.chassis.handling.entrypoints import query
from services.sales.closing.model import LOST, WON
from services.sales.dashboards import contract
from services.sales.dashboards.figures import Sums, Worth, conversion, furthest_stage, month_of, months
from services.sales.receivables.model import OWED
from services.sales.session import SalesSession
from services.sales.shared.pages import within
from services.sales.shared.today import today
from services.sales.shared.users import user_of

Data = dict[str, Any]
# The most records of a period that are counted.
MOST = 20_000


@query(takes=contract.OfUser, gives=contract.Outcomes, needs="sales.read", section="opportunities")
def get_outcomes(session: SalesSession, data: Data) -> Data:
    """Won and lost by month, with the reasons."""
    zone = session.zone.get()
    period = within("closed_at", data["from"], data["to"], zone)
    found = session.opportunities.closed_in(period, user_of(session, data["responsible_id"]), MOST + 1)
    by_month: dict[str, dict[str | None, Worth]] = {one: defaultdict(Worth) for one in months(data["from"], data["to"])}
    reasons: dict[str, dict[str, Worth]] = {one: defaultdict(Worth) for one in by_month}
    for row in found[:MOST]:
        month, worth = month_of(row["closed_at"].astimezone(zone).date()), (row["currency"], _decimal(row["amount"]))
        by_month[month][row["outcome"]].add(*worth)
        if row["outcome"] == LOST:
            reasons[month][row["lost_reason"] or ""].add(*worth)
    names = session.shown_configuration.lost_reasons()
    items = [
        {
            "month": month,
            "won": ended[WON].as_data(),
            "lost": {**ended[LOST].as_data(), "reasons": _reasons(reasons[month], names)},
            "ended": ended[None].as_data(),
        }
        for month, ended in by_month.items()
    ]
    return {"items": items, "exact": len(found) <= MOST}


def _reasons(lost: dict[str, Worth], names: Any) -> list[Data]:
    named = [({"id": code, "name": names.name_of(code) or code}, worth) for code, worth in lost.items()]
    ordered = sorted(named, key=lambda one: (-one[1].count, one[0]["name"]))
    return [{"reason": reason, **worth.as_data()} for reason, worth in ordered]


@query(takes=contract.OfUser, gives=contract.Conversion, needs="sales.read", section="opportunities")
def get_conversion(session: SalesSession, data: Data) -> Data:
    """How far the opportunities created in the period came."""
    period = within("created_at", data["from"], data["to"], session.zone.get())
    found = session.opportunities.created_in(period, user_of(session, data["responsible_id"]), MOST + 1)
    stages = session.configuration.pipeline().stages
    ids = [stage.id for stage in stages]
    furthest, worth, ends = Counter[int](), [Worth() for _ in stages], Counter[str]()
    for row in found[:MOST]:
        visited = [*row.get("passed", []), row["stage_before"] or row["stage_id"]]
        place = furthest_stage(ids, visited, row["outcome"] == WON)
        furthest[place] += 1
        ends[row["outcome"] or row["status"]] += 1
        for one in worth[: place + 1]:
            one.add(row["currency"], _decimal(row["amount"]))
    counted = zip(stages, worth, conversion(furthest, len(stages)), strict=True)
    items = [{"stage": stage, **sums.as_data(), "count": count, "rate": rate} for stage, sums, (count, rate) in counted]
    counts = {"created": min(len(found), MOST), "open": ends["open"], "won": ends[WON], "lost": ends[LOST]}
    return {**counts, "items": items, "exact": len(found) <= MOST}


@query(takes=contract.Period, gives=contract.ReceivablesByMonth, needs="sales.read", section="receivables")
def get_receivables_by_month(session: SalesSession, data: Data) -> Data:
    """By the month in which they are due."""
    now = today(session)
    found = session.receivables.due_in(data["from"], data["to"], MOST + 1)
    counts = Counter[str]()
    sums: dict[str, dict[str, Sums]] = {one: defaultdict(Sums) for one in months(data["from"], data["to"])}
    for one in found[:MOST]:
        month = month_of(one.due_date)
        counts[month] += 1
        sums[month]["received"].add(one.currency, one.paid)
        if one.status in OWED:
            sums[month]["outstanding"].add(one.currency, one.outstanding)
        if one.overdue(now):
            sums[month]["overdue"].add(one.currency, one.outstanding)
    kinds = ("outstanding", "overdue", "received")
    items = [
        {"month": month, "count": counts[month], **{kind: parts[kind].as_data() for kind in kinds}}
        for month, parts in sums.items()
    ]
    return {"items": items, "exact": len(found) <= MOST}


def _decimal(amount: Decimal128 | None) -> Decimal | None:
    return None if amount is None else amount.to_decimal()
