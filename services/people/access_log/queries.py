"""Who looked at a person's data (row P7)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import RECORD
from services.chassis.handling.entrypoints import query
from services.chassis.schemas import OfPerson
from services.people.access_log import contract
from services.people.session import PeopleSession

Data = dict[str, Any]


@query(takes=OfPerson, gives=contract.LookPage, needs="people.administer", section=RECORD, fresh=True)
def list_looks(session: PeopleSession, data: Data) -> Data:
    """Newest first; raises NotFound("person_not_found")."""
    return session.access_log.of_person(session.persons.get(data["person_id"]).id, data["limit"], data["cursor"])
