"""Opportunities: one, their lists, and the board (rows S1, S2, S6 to S9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById
from services.sales.opportunities import board, contract
from services.sales.opportunities.model import OPPORTUNITY_STATUSES, Opportunity
from services.sales.opportunities.presenting import present_cards, present_opportunity, present_page
from services.sales.pipeline.model import Stage
from services.sales.session import SalesSession
from services.sales.shared.today import today
from services.sales.shared.users import user_of

Data = dict[str, Any]

EARLIEST_FIRST, LATEST_FIRST = 1, -1


@query(takes=ById, gives=contract.Opportunity, needs="sales.read", section="opportunities")
def get_opportunity(session: SalesSession, data: Data) -> Data:
    return present_opportunity(session, session.opportunities.get(data["id"]))


@query(takes=contract.ListOpportunities, gives=contract.OpportunityPage, needs="sales.read", section="opportunities")
def list_opportunities(session: SalesSession, data: Data) -> Data:
    """Row S2: a person's opportunities with their legends; with `counted`, also the numbers by legend."""
    states = [*OPPORTUNITY_STATUSES] if data.pop("include_closed") else data.pop("status") or [*OPPORTUNITY_STATUSES]
    data.pop("status", None)
    legend, rows = data.pop("legend"), session.opportunities
    found = _all_of_person(session, states, data) if data["counted"] and not data["cursor"] and not legend else None
    if found is None:
        bearing = partial(rows.of_person_bearing, legend=legend, today=today(session))
        found = bearing(**data) if legend else rows.of_person(states=states, **data)
        if data["counted"]:
            found["legends"] = rows.legends_of_person(data["person_id"], today(session), {})
    return present_page(session, found)


def _all_of_person(session: SalesSession, states: Sequence[str], data: Data) -> Data | None:
    """The list, its count and the numbers by legend, from one read; None where one page does not hold all states."""
    every = session.opportunities.of_person(states=(), **{**data, "counted": False})
    if every["next_cursor"] is not None:
        return None
    day, asked = today(session), [one for one in every["items"] if one.status in states]
    known = {
        state: [one.legend(day) for one in every["items"] if one.status == state] for state in OPPORTUNITY_STATUSES
    }
    legends = session.opportunities.legends_of_person(data["person_id"], day, known)
    return {"items": asked, "next_cursor": None, "count": len(asked), "exact": True, "legends": legends}


@query(takes=contract.SearchOpportunities, gives=contract.OpportunityPage, needs="sales.read", section="opportunities")
def search_opportunities(session: SalesSession, data: Data) -> Data:
    """Row S6: the list view, and the next cards of a column.

    Raises NotFound("stage_not_found" or "lost_reason_not_found").
    """
    if data["lost_reason"] is not None:
        session.configuration.lost_reasons().get(data["lost_reason"])
    ended, limit, cursor = _outcome_facets(data), data["limit"], data["cursor"]
    facets, status = [*ended, *_facets(session, data)], "closed" if ended else data["status"]
    if data["stage_id"]:
        stage = session.configuration.pipeline().get(data["stage_id"])
        found = session.opportunities.in_stage(stage.id, facets, _direction(stage.closing), limit, cursor)
    else:
        found = session.opportunities.with_status(status, facets, _direction(status == "closed"), limit, cursor)
    return present_page(session, found)


@query(takes=contract.ListFollowUps, gives=contract.OpportunityPage, needs="sales.read", section="opportunities")
def list_follow_ups(session: SalesSession, data: Data) -> Data:
    """Row S2: the opportunities to contact on a day, overdue ones first."""
    day, facets = data["date"] or today(session), _facets(session, data)
    asked = data["overdue"], facets, data["limit"], data["cursor"]
    found = session.opportunities.due(day, *asked, counted=data["counted"])
    legends = {"legends": session.opportunities.legends(facets, today(session))} if data["counted"] else {}
    return {**present_page(session, found), **legends}


@query(takes=contract.ListIdle, gives=contract.OpportunityPage, needs="sales.read", section="opportunities")
def list_idle_opportunities(session: SalesSession, data: Data) -> Data:
    """Row S8."""
    day, facets = today(session), _facets(session, data)
    active_before = session.configuration.settings().active_before(day, session.zone.get())
    return present_page(
        session, session.opportunities.idle(active_before, day, facets, data["limit"], data["cursor"])
    )  # fmt: skip


@query(takes=contract.Page, gives=contract.OpportunityPage, needs="sales.read", section="opportunities")
def list_archived_opportunities(session: SalesSession, data: Data) -> Data:
    """Row S9."""
    return present_page(session, session.opportunities.archived(**data))


@query(takes=board.GetPipeline, gives=board.Board, needs="sales.read", section="opportunities")
def get_pipeline(session: SalesSession, data: Data) -> Data:
    """Row S6: the board, with the first cards of each column."""
    facets, stages = _facets(session, data), session.configuration.pipeline().stages
    counts = bool(facets) or session.misses_opportunities()
    columns = [_column(session, stage, facets, data["limit"], counts) for stage in stages]
    cards = iter(present_cards(session, [one for column in columns for one in column["items"]]))
    return {"columns": [{**column, "items": [*islice(cards, len(column["items"]))]} for column in columns]}


@query(takes=board.ListPipelineCards, gives=board.OpportunityCardPage, needs="sales.read", section="opportunities")
def list_pipeline_cards(session: SalesSession, data: Data) -> Data:
    """Row S6: the next cards of a column. Raises NotFound("stage_not_found"), Invalid("cursor_invalid")."""
    stage = session.configuration.pipeline().get(data["stage_id"])
    asked = _facets(session, data), _direction(stage.closing), data["limit"], data["cursor"]
    found = session.opportunities.in_stage(stage.id, *asked)
    return {**found, "items": present_cards(session, found["items"])}


def _column(session: SalesSession, stage: Stage, facets: list[str], limit: int, counts: bool) -> Data:
    """A column; `counts`: count the visible opportunities instead of taking the stored totals."""
    found = session.opportunities.in_stage(stage.id, facets, _direction(stage.closing), limit, None)
    totals = _counted_totals(session, stage, facets) if counts else _stored_totals(session, stage)
    return {"stage": stage, **totals, **found}


def _stored_totals(session: SalesSession, stage: Stage) -> Data:
    count, sums = session.stage_totals.of(stage.id)
    return {"count": count, "exact": True, "sums": _sums(sums.items())}


def _counted_totals(session: SalesSession, stage: Stage, facets: list[str]) -> Data:
    found, exact = session.opportunities.counted(stage.id, facets)
    return {"count": len(found), "exact": exact, "sums": _sums(_sums_by_currency(found))}


def _sums_by_currency(opportunities: Iterable[Opportunity]) -> Iterable[tuple[str, Decimal]]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for opportunity in opportunities:
        sums[opportunity.currency] += opportunity.amount or Decimal()
    return ((currency, amount) for currency, amount in sums.items() if amount)


def _sums(sums: Iterable[tuple[str, Decimal]]) -> list[Data]:
    return [{"currency": currency, "amount": amount} for currency, amount in sorted(sums)]


def _direction(closed: bool) -> int:
    """The direction by contact date: the earliest first for open, the latest first for closed opportunities."""
    return LATEST_FIRST if closed else EARLIEST_FIRST


def _facets(session: SalesSession, data: Data) -> list[str]:
    """The facets of the filters in `data`, the most selective first."""
    responsible = user_of(session, data["responsible_id"])
    asked = {"marker": data["marker_id"], "responsible": responsible, "customer": data["customer_status"]}
    return _facets_named(asked)


def _outcome_facets(data: Data) -> list[str]:
    """The facets of filters that only closed opportunities pass."""
    return _facets_named({"lost_reason": data["lost_reason"], "outcome": data["outcome"]})


def _facets_named(asked: dict[str, Any]) -> list[str]:
    return [f"{name}:{value}" for name, value in asked.items() if value]
