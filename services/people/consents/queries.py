"""Consents in force, their history, and the purposes (row P7)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION, RECORD
from services.chassis.handling.entrypoints import query
from services.chassis.schemas import OfPerson
from services.people.consents import contract
from services.people.session import PeopleSession

Data = dict[str, Any]


@query(takes=contract.ListConsents, gives=contract.ConsentList, needs="people.read", section=RECORD)
def list_consents(session: PeopleSession, data: Data) -> Data:
    """The decisions in force; raises NotFound("person_not_found")."""
    return {"items": session.consents.in_force(session.persons.get(data["person_id"]).id)}


@query(takes=OfPerson, gives=contract.ConsentPage, needs="people.read", section=RECORD)
def list_consent_history(session: PeopleSession, data: Data) -> Data:
    """Every decision, newest first; raises NotFound("person_not_found")."""
    return session.consents.history(session.persons.get(data["person_id"]).id, data["limit"], data["cursor"])


@query(takes=contract.ListPurposes, gives=contract.PurposeList, needs="people.read", section=CONFIGURATION)
def list_consent_purposes(session: PeopleSession, data: Data) -> Data:
    return {"items": session.consents.purposes()}
