"""Actions of an opportunity: added, changed, settled (row S4)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.chassis.handling.entrypoints import command
from services.sales import events
from services.sales.actions import contract
from services.sales.actions.model import DONE, Action
from services.sales.opportunities.model import Opportunity
from services.sales.session import SalesSession
from services.sales.shared.today import today
from services.sales.shared.users import user_to_name

Data = dict[str, Any]


@command(takes=contract.AddAction, gives=contract.Action, needs="sales.write", section="opportunities")
def add_action(tx: SalesSession, data: Data) -> Action:
    """Adds an action, which the conversation records as an entry.

    Raises Conflict("opportunity_closed"), Conflict("opportunity_archived"), Conflict("person_erased").
    """
    opportunity = tx.opportunities.get(data["opportunity_id"])
    opportunity.must_be_open()
    tx.persons.get(opportunity.person_id)
    action = _new(tx, opportunity, data)
    tx.actions.add(action)
    opportunity.interacted(at=tx.now)
    _plan(tx, opportunity)
    fields = {name: value for name, value in asdict(action).items() if name in events.ActionAdded().fields}
    tx.publish(events.ACTION_ADDED, action.id, action.version, action_id=action.id, **fields)
    return action


@command(takes=contract.ChangeAction, gives=contract.Action, needs="sales.write", section="opportunities")
def change_action(tx: SalesSession, data: Data) -> Action:
    """Raises NotFound("action_not_found", "user_not_found"), Conflict("action_settled", "user_inactive")."""
    action = tx.actions.get(data.pop("action_id"))
    if "assignee_id" in data:
        data["assignee_id"] = user_to_name(tx, data["assignee_id"])
    action.change(data)
    tx.actions.save(action, was=action.situation)
    _plan(tx, tx.opportunities.get(action.opportunity_id))
    return action


@command(takes=contract.SettleAction, gives=contract.Action, needs="sales.write", section="opportunities")
def settle_action(tx: SalesSession, data: Data) -> Action:
    """Settles the action as done or cancelled; raises NotFound("action_not_found"), Conflict("action_settled")."""
    action = tx.actions.get(data["action_id"])
    was = action.situation
    action.settle(data["situation"], tx.actor.id, tx.now)
    tx.actions.save(action, was)
    opportunity = tx.opportunities.get(action.opportunity_id)
    if action.situation == DONE:
        opportunity.interacted(at=tx.now)
    _plan(tx, opportunity)
    tx.publish(
        events.ACTION_SETTLED,
        action.id,
        action.version,
        action_id=action.id,
        opportunity_id=opportunity.id,
        person_id=action.person_id,
        situation=action.situation,
    )
    return action


def _new(tx: SalesSession, opportunity: Opportunity, data: Data) -> Action:
    done = data["situation"] == DONE
    return Action(
        id=tx.new_id(),
        attendance_id=opportunity.attendance_id,
        person_id=opportunity.person_id,
        stage_id=opportunity.stage_id,
        author_id=tx.actor.id,
        author_name=tx.actor.name,
        recorded_on=today(tx),
        recorded_at=tx.now,
        settled_by=tx.actor.id if done else None,
        settled_at=tx.now if done else None,
        **{**data, "assignee_id": user_to_name(tx, data["assignee_id"])},
    )


def _plan(tx: SalesSession, opportunity: Opportunity) -> None:
    """Makes the due day of the first pending action the next contact."""
    opportunity.plan(tx.actions.next_due(opportunity.id))
    tx.opportunities.save(opportunity)
