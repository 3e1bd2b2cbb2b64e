"""Opportunities: created, changed, moved (rows S1, S6, S9)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.sales.opportunities import announcing, contract
from services.sales.opportunities.model import Opportunity
from services.sales.opportunities.presenting import present_opportunity
from services.sales.session import SalesSession
from services.sales.shared.today import today
from services.sales.shared.users import ME, user_to_name

Data = dict[str, Any]
# What an erasure takes (personal_data.py): nothing is written there again.
TEXTS = {"description", "environment", "means_of_contact", "indicated_by"}


@command(takes=contract.CreateOpportunity, gives=contract.Opportunity, needs="sales.write", section="opportunities")
def create_opportunity(tx: SalesSession, data: Data) -> Data:
    """Row S1; raises NotFound: person_not_found, stage_not_found, user_not_found; Conflict: stage_closing,
    user_inactive.

    Attendance opens the conversation on the event.
    """
    person = tx.persons.get(data["person_id"])
    data["person_id"] = person["_id"]
    pipeline = tx.configuration.pipeline()
    stage_id = data.pop("stage_id", None)
    stage = pipeline.get(stage_id) if stage_id else pipeline.first
    data["responsible_id"] = user_to_name(tx, data.get("responsible_id") or ME)
    opportunity = Opportunity.create(tx.new_id(), tx.company, stage, tx.now, today(tx), data)
    tx.opportunities.add(opportunity)
    announcing.announce_created(tx, opportunity, person["name"])
    return present_opportunity(tx, opportunity)


@command(takes=contract.ChangeOpportunity, gives=contract.Opportunity, needs="sales.write", section="opportunities")
def change_opportunity(tx: SalesSession, data: Data) -> Data:
    """Row S9; raises Conflict("opportunity_closed", "opportunity_archived", "version_changed", "person_erased"),
    shared/users.py's refusals."""
    opportunity = tx.opportunities.get(data.pop("opportunity_id"))
    if TEXTS & data.keys():
        tx.persons.refuse_erased(opportunity.person_id)
    if data.pop("version", None) not in (None, opportunity.version):
        raise Conflict("version_changed", "O registro foi alterado por outra pessoa; carregue-o novamente.")
    if "responsible_id" in data:
        data["responsible_id"] = user_to_name(tx, data["responsible_id"])
    before = opportunity.description
    opportunity.change(data)
    announcing.save_and_announce(tx, opportunity, renamed=opportunity.description != before)
    return present_opportunity(tx, opportunity)


@command(takes=contract.MoveOpportunity, gives=contract.Opportunity, needs="sales.write", section="opportunities")
def move_opportunity(tx: SalesSession, data: Data) -> Data:
    """Row S6; the closing stage asks for the outcome, which close_opportunity_as_won and ..._as_lost take.

    Raises NotFound("stage_not_found"), Conflict("opportunity_closed", "opportunity_archived", "outcome_required").
    """
    opportunity = tx.opportunities.get(data["opportunity_id"])
    opportunity.move(tx.configuration.pipeline().get(data["stage_id"]))
    announcing.save_and_announce(tx, opportunity)
    return present_opportunity(tx, opportunity)
