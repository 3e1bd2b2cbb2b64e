"""An erasure's progress, and what `people` holds of a person (row P7)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import KINDS, RECORD
from services.chassis.errors import NotFound
from services.chassis.handling.entrypoints import query
from services.chassis.personal_data.inventory import page_of_rows
from services.chassis.schemas import HeldPage, OfPerson
from services.people.erasure import contract
from services.people.erasure.model import Erasure
from services.people.personal_data import REPORTED
from services.people.session import PeopleSession

Data = dict[str, Any]


@query(takes=contract.GetErasure, gives=contract.Erasure, needs="people.administer", section=RECORD, fresh=True)
def get_erasure(session: PeopleSession, data: Data) -> Erasure:
    """The last request, with each service's receipt; raises NotFound("erasure_not_found")."""
    erasure = session.erasures.last_of(session.persons.get(data["person_id"]).id)
    if erasure is None:
        raise NotFound("erasure_not_found", "Não há pedido de eliminação desta pessoa.")
    return erasure


@query(takes=OfPerson, gives=HeldPage, needs="people.administer", section=RECORD, unnarrowed=KINDS, fresh=True)
def get_person_data(session: PeopleSession, data: Data) -> Data:
    """What this service holds of the person; raises NotFound("person_not_found")."""
    person = session.persons.get(data["person_id"])
    return page_of_rows(session.tenant, REPORTED, person.id, data["limit"], data["cursor"])
