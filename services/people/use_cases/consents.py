"""Consents by purpose and channel: given, withdrawn, and their history (row P7)."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.errors import Conflict
from services.chassis.schemas import OfPerson
from services.chassis.sections import CONFIGURATION, RECORD
from services.people import contract
from services.people.domain.consents import Decision, Purpose, refuse_decision
from services.people.store import PeopleSession

Data = dict[str, Any]


@command(takes=contract.DecideConsent, gives=contract.ConsentList, needs="people.write", section=RECORD)
def decide_consent(tx: PeopleSession, data: Data) -> Data:
    """Given or withdrawn; answers what is in force.

    Raises NotFound("person_not_found"), Invalid("purpose_unknown"), Conflict("consent_unchanged", "consent_missing").
    """
    person = tx.persons.get(data["person_id"])
    person.refuse_erased()
    of_person = {**data, "person_id": person.id}
    decision = Decision(id=tx.new_id(), at=tx.now, by=tx.actor.id, by_name=tx.actor.name, **of_person)
    last = tx.consents.last(person.id, decision.purpose, decision.channel)
    refuse_decision(decision, tx.consents.purposes(), last)
    tx.consents.add(decision)
    # the decision is the aggregate: it never changes
    tx.publish(contract.CONSENT_CHANGED, decision.id, 1, **vars(decision))
    return {"items": tx.consents.in_force(person.id)}


@query(takes=contract.ListConsents, gives=contract.ConsentList, needs="people.read", section=RECORD)
def list_consents(session: PeopleSession, data: Data) -> Data:
    """What is in force; raises NotFound("person_not_found")."""
    return {"items": session.consents.in_force(session.persons.get(data["person_id"]).id)}


@query(takes=OfPerson, gives=contract.ConsentPage, needs="people.read", section=RECORD)
def list_consent_history(session: PeopleSession, data: Data) -> Data:
    """Every decision, newest first; raises NotFound("person_not_found")."""
    return session.consents.history(session.persons.get(data["person_id"]).id, data["limit"], data["cursor"])


@command(takes=contract.AddPurpose, gives=contract.Purpose, needs="people.configure", section=CONFIGURATION, fresh=True)
def add_consent_purpose(tx: PeopleSession, data: Data) -> Purpose:
    """Raises Conflict("purpose_exists")."""
    if data["code"] in {purpose.code for purpose in tx.consents.purposes()}:
        raise Conflict("purpose_exists", "Já existe uma finalidade com este código.")
    purpose = Purpose(data["code"], data["name"])
    tx.consents.add_purpose(purpose, tx.new_id())
    return purpose


@query(takes=contract.ListPurposes, gives=contract.PurposeList, needs="people.read", section=CONFIGURATION)
def list_consent_purposes(session: PeopleSession, data: Data) -> Data:
    return {"items": session.consents.purposes()}
