"""Giving and withdrawing consents by purpose and channel; the company's own purposes (row P7)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION, RECORD
from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.people import events
from services.people.consents import contract
from services.people.consents.model import Decision, Purpose, refuse_decision
from services.people.session import PeopleSession

Data = dict[str, Any]


@command(takes=contract.DecideConsent, gives=contract.ConsentList, needs="people.write", section=RECORD)
def decide_consent(tx: PeopleSession, data: Data) -> Data:
    """Records that a consent was given or withdrawn; answers the consents in force.

    Raises NotFound("person_not_found"), Invalid("purpose_unknown"), Conflict("consent_unchanged", "consent_missing").
    """
    person = tx.persons.get(data["person_id"])
    person.refuse_erased()
    of_person = {**data, "person_id": person.id}
    decision = Decision(id=tx.new_id(), at=tx.now, by=tx.actor.id, by_name=tx.actor.name, **of_person)
    last = tx.consents.last(person.id, decision.purpose, decision.channel)
    refuse_decision(decision, tx.consents.purposes(), last)
    tx.consents.add(decision)
    # the aggregate is the decision, which never changes: its version is always 1
    tx.publish(events.CONSENT_CHANGED, decision.id, 1, **vars(decision))
    return {"items": tx.consents.in_force(person.id)}


@command(takes=contract.AddPurpose, gives=contract.Purpose, needs="people.configure", section=CONFIGURATION, fresh=True)
def add_consent_purpose(tx: PeopleSession, data: Data) -> Purpose:
    """Raises Conflict: purpose_exists, purpose_limit."""
    tx.one_at_a_time("consent_purposes")
    if data["code"] in {purpose.code for purpose in tx.consents.purposes()}:
        raise Conflict("purpose_exists", "Já existe uma finalidade com este código.")
    purpose = Purpose(data["code"], data["name"])
    tx.consents.add_purpose(purpose, tx.new_id())
    return purpose
