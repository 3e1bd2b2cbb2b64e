"""Archiving, deleting and marking opportunities, one or many (rows S7, S9)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from services.chassis.errors import ConcurrentUpdate, Conflict, NotFound
from services.chassis.handling.entrypoints import command
from services.sales.closing.model import refuse_sold
from services.sales.opportunities import announcing, contract
from services.sales.opportunities.model import Opportunity
from services.sales.opportunities.presenting import present_opportunity
from services.sales.orders.model import PURCHASE, SALE
from services.sales.quotes.commands import reject_undecided
from services.sales.session import SalesSession

Data = dict[str, Any]
ON_DELETING = "O contato de venda foi excluído."


@command(takes=contract.OneOpportunity, gives=contract.Opportunity, needs="sales.write", section="opportunities")
def archive_opportunity(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("opportunity_archived")."""
    return present_opportunity(tx, _archive(tx, data["opportunity_id"]))


@command(takes=contract.OneOpportunity, gives=contract.Opportunity, needs="sales.write", section="opportunities")
def unarchive_opportunity(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("opportunity_not_archived")."""
    return present_opportunity(tx, _unarchive(tx, data["opportunity_id"]))


@command(takes=contract.OneOpportunity, gives=contract.DeletedOpportunity, needs="sales.write", section="opportunities")
def delete_opportunity(tx: SalesSession, data: Data) -> Opportunity:
    """Deletes the opportunity and its actions, and rejects its quotes in approval.

    Its conversation, quotes, closings and reopenings stay in the person's history. Raises
    NotFound("opportunity_not_found"), Conflict("opportunity_sold") while it has an active order.
    """
    return _delete(tx, data["opportunity_id"])


@command(takes=contract.ManyOpportunities, gives=contract.BulkReport, needs="sales.write", section="opportunities")
def archive_opportunities(tx: SalesSession, data: Data) -> Data:
    return _each(tx, data["ids"], partial(_archive, tx))


@command(takes=contract.ManyOpportunities, gives=contract.BulkReport, needs="sales.write", section="opportunities")
def unarchive_opportunities(tx: SalesSession, data: Data) -> Data:
    return _each(tx, data["ids"], partial(_unarchive, tx))


@command(takes=contract.ManyOpportunities, gives=contract.BulkReport, needs="sales.write", section="opportunities")
def delete_opportunities(tx: SalesSession, data: Data) -> Data:
    return _each(tx, data["ids"], partial(_delete, tx))


@command(takes=contract.MarkOpportunities, gives=contract.BulkReport, needs="sales.write", section="opportunities")
def mark_opportunities(tx: SalesSession, data: Data) -> Data:
    """Row S7; raises NotFound("marker_not_found") for a marker to add that is not configured."""
    markers = tx.configuration.markers()
    for marker_id in data["add"]:
        markers.get(marker_id)

    def mark(opportunity_id: str) -> Opportunity:
        opportunity = tx.opportunities.get(opportunity_id)
        opportunity.mark(data["add"], data["remove"], markers.ids)
        announcing.save_and_announce(tx, opportunity)
        return opportunity

    return _each(tx, data["ids"], mark)


def _archive(tx: SalesSession, opportunity_id: str) -> Opportunity:
    opportunity = tx.opportunities.get(opportunity_id)
    opportunity.archive(at=tx.now)
    announcing.save_and_announce(tx, opportunity)
    return opportunity


def _unarchive(tx: SalesSession, opportunity_id: str) -> Opportunity:
    opportunity = tx.opportunities.get(opportunity_id)
    opportunity.unarchive()
    announcing.save_and_announce(tx, opportunity)
    return opportunity


def _delete(tx: SalesSession, opportunity_id: str) -> Opportunity:
    opportunity = tx.opportunities.get(opportunity_id)
    for kind in (SALE, PURCHASE):
        refuse_sold(tx.orders.active_of(opportunity.id, kind), "O contato de venda não pode ser excluído")
    reject_undecided(tx, opportunity.attendance_id, ON_DELETING)
    tx.opportunities.delete(opportunity)
    tx.actions.delete_of(opportunity.id)
    announcing.announce_deleted(tx, opportunity)
    return opportunity


def _each(tx: SalesSession, ids: list[str], do: Callable[[str], object]) -> Data:
    """Calls `do` once for each id, and reports success or refusal; `do` must refuse before it writes anything."""
    tx.opportunities.fetch(ids)
    items = [_one(opportunity_id, do) for opportunity_id in dict.fromkeys(ids)]
    done = sum(item["done"] for item in items)
    return {"items": items, "done": done, "refused": len(items) - done}


def _one(opportunity_id: str, do: Callable[[str], object]) -> Data:
    try:
        do(opportunity_id)
    except ConcurrentUpdate:
        raise  # the chassis runs the whole command again
    except (NotFound, Conflict) as refusal:
        return {"id": opportunity_id, "done": False, "code": refusal.code, "detail": refusal.detail}
    return {"id": opportunity_id, "done": True, "code": None, "detail": None}
