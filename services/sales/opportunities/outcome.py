"""The steps that all closings and reopenings share: the approval, the status change in the timeline, and the event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.chassis.errors import Forbidden
from services.sales import events
from services.sales.closing.model import ENDED, REOPENED, WON, Closing, StatusChange, describe_orders
from services.sales.contracts.model import Contract
from services.sales.opportunities.announcing import ids_of
from services.sales.opportunities.model import Opportunity
from services.sales.orders.model import Order
from services.sales.session import SalesSession


def require_supervisor(tx: SalesSession, action: str, what: str) -> str:
    """The name of the supervisor who approved this command with their own credentials (row G3).

    Raises Forbidden("approval_missing"); its `action` is what to ask approval for.
    """
    if tx.supervisor is None:
        detail = f"{what} precisa da aprovação de um supervisor."
        raise Forbidden("approval_missing", detail, action=f"{events.SERVICE}.{action}")
    return tx.supervisor.name


def approver_of_closing(tx: SalesSession, action: str) -> str | None:
    """The name of who approved the closing, if anybody.

    Raises Forbidden("approval_missing") if the company demands it.
    """
    if tx.configuration.settings().closing_needs_supervisor:
        return require_supervisor(tx, action, "O encerramento do contato de venda")
    return tx.supervisor.name if tx.supervisor else None


def closing_by(tx: SalesSession, action: str, **fields: Any) -> Closing:
    """The Closing by the actor, with who approved it; `fields`: its other fields.

    Raises Forbidden("approval_missing") where the company demands an approval.
    """
    approved_by = approver_of_closing(tx, action)
    approver = tx.supervisor.id if tx.supervisor else None
    return Closing(by=tx.actor.name, approved_by=approved_by, by_id=tx.actor.id, approved_by_id=approver, **fields)


def announce_end_without_outcome(tx: SalesSession, opportunity: Opportunity) -> None:
    """Announces a closing without an outcome of an opportunity that is closed and saved already."""
    announce_closing(tx, opportunity, Closing(by=str(opportunity.closed_by), approved_by=opportunity.approved_by))


def announce_closing(
    tx: SalesSession,
    opportunity: Opportunity,
    closing: Closing,
    orders: Sequence[Order] = (),
    contracts: Sequence[Contract] = (),
) -> None:
    """Records the status change of a closing that is saved already, and publishes opportunity_closed."""
    made = {"order_ids": [order.id for order in orders], "contract_ids": [one.id for one in contracts]}
    text = _with_approver(_closing_text(closing, orders, contracts), closing.approved_by)
    change = _record_status_change(tx, opportunity, closing.outcome or ENDED, text, reason=closing.reason, **made)
    tx.publish(
        events.OPPORTUNITY_CLOSED,
        opportunity.id,
        opportunity.version,
        **ids_of(opportunity),
        outcome=closing.outcome,
        reason=closing.reason,
        summary=change.text,
        closed_by=closing.by,
        approved_by=closing.approved_by,
        **made,
    )


def announce_reopening(tx: SalesSession, opportunity: Opportunity, reason: str, approved_by: str) -> None:
    change = _record_status_change(
        tx, opportunity, REOPENED, _with_approver(f"Contato de venda reaberto: {reason}", approved_by)
    )
    tx.publish(
        events.OPPORTUNITY_REOPENED,
        opportunity.id,
        opportunity.version,
        **ids_of(opportunity),
        summary=change.text,
        stage_id=opportunity.stage_id,
        reopened_by=tx.actor.name,
        approved_by=approved_by,
    )


def _record_status_change(
    tx: SalesSession, opportunity: Opportunity, kind: str, text: str, **fields: Any
) -> StatusChange:
    supervisor = tx.supervisor
    change = StatusChange(
        id=tx.new_id(),
        opportunity_id=opportunity.id,
        attendance_id=opportunity.attendance_id,
        person_id=opportunity.person_id,
        kind=kind,
        text=text,
        author_id=tx.actor.id,
        author_name=tx.actor.name,
        supervisor_id=supervisor.id if supervisor else None,
        supervisor_name=supervisor.name if supervisor else None,
        recorded_at=tx.now,
        **{"reason": None, **fields},
    )
    tx.status_changes.add(change)
    return change


def _closing_text(closing: Closing, orders: Sequence[Order], contracts: Sequence[Contract]) -> str:
    note = f" {closing.note}" if closing.note else ""
    if closing.outcome is None:
        return "Contato de venda encerrado, sem resultado."
    if closing.outcome == WON:
        numbers = "".join(f"; contrato nº {one.number}{' (excedente)' if one.surplus else ''}" for one in contracts)
        return f"Contato de venda encerrado como ganho: {describe_orders(orders)}{numbers}.{note}"
    return f"Contato de venda encerrado como perdido: {closing.reason_name}.{note}"


def _with_approver(text: str, approved_by: str | None) -> str:
    return f"{text}\nAprovado por {approved_by}." if approved_by else text
