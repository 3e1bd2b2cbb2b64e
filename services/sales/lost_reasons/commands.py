"""The company's reasons of a loss, set up (row S15)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import command
from services.sales.lost_reasons import contract
from services.sales.session import SalesSession

Data = dict[str, Any]


@command(takes=contract.AddLostReason, gives=contract.SavedLostReason, needs="sales.configure", section=CONFIGURATION)
def add_lost_reason(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("lost_reasons_full" or "lost_reason_exists")."""
    reasons = tx.configuration.lost_reasons()
    made = reasons.add(tx.new_id(), **data)
    tx.configuration.save(reasons)
    return {**vars(made), "version": reasons.version}


@command(
    takes=contract.ChangeLostReason, gives=contract.SavedLostReason, needs="sales.configure", section=CONFIGURATION
)
def change_lost_reason(tx: SalesSession, data: Data) -> Data:
    """A new name shows everywhere. Raises NotFound("lost_reason_not_found"), Conflict("lost_reason_exists")."""
    reasons = tx.configuration.lost_reasons()
    changed = reasons.change(**data)
    tx.configuration.save(reasons)
    return {**vars(changed), "version": reasons.version}


@command(takes=contract.OneLostReason, gives=contract.SavedLostReason, needs="sales.configure", section=CONFIGURATION)
def archive_lost_reason(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("lost_reason_not_found"), Conflict("lost_reason_archived" or "lost_reason_last")."""
    reasons = tx.configuration.lost_reasons()
    archived = reasons.archive(data["code"])
    tx.configuration.save(reasons)
    return {**vars(archived), "version": reasons.version}


@command(takes=contract.OneLostReason, gives=contract.SavedLostReason, needs="sales.configure", section=CONFIGURATION)
def unarchive_lost_reason(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("lost_reason_not_found"), Conflict("lost_reason_not_archived")."""
    reasons = tx.configuration.lost_reasons()
    found = reasons.unarchive(data["code"])
    tx.configuration.save(reasons)
    return {**vars(found), "version": reasons.version}


@command(takes=contract.OneLostReason, gives=contract.DeletedLostReason, needs="sales.configure", section=CONFIGURATION)
def delete_lost_reason(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("lost_reason_not_found"), Conflict("lost_reason_in_use" or "lost_reason_last")."""
    reasons = tx.configuration.lost_reasons()
    reasons.remove(data["code"], used=tx.opportunities.any_lost_for(data["code"]))
    tx.configuration.save(reasons)
    return {"code": data["code"], "deleted": True, "version": reasons.version}
