"""Reading one's own session (row G3)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import ACCESS
from services.chassis.handling.entrypoints import query
from services.people.access.model import OWN
from services.people.session import PeopleSession
from services.people.sessions import contract

Data = dict[str, Any]


@query(takes=contract.GetSession, gives=contract.Session, needs=OWN, section=ACCESS)
def get_session(session: PeopleSession, data: Data) -> Data:
    """The caller and the company with their present names and roles, not those at the sign-in."""
    user, company = session.users.member(session.actor.id, session.company), session.companies.get(session.company)
    own = user.memberships[session.company]
    person = {"person_id": own.person_id, "person_name": session.name_of_own(session.company, own.person_id)}
    return {
        "user": {"id": user.id, "name": user.name, "login": user.login, "roles": own.roles, **person},
        "company": {"id": company.id, "name": company.name, "time_zone": company.time_zone},
    }
