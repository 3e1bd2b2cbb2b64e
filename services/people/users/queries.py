"""The users of a company, as its administrators see them, and as each other (row P9)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import ACCESS
from services.chassis.handling.entrypoints import query
from services.people.session import PeopleSession
from services.people.users import contract
from services.people.users.presenting import present_colleague, present_user, with_keys

Data = dict[str, Any]


@query(takes=contract.GetUser, gives=contract.User, needs="people.administer", section=ACCESS, fresh=True)
def get_user(session: PeopleSession, data: Data) -> Data:
    return with_keys(session, session.users.member(data["user_id"], session.company))


@query(takes=contract.ListUsers, gives=contract.UserPage, needs="people.administer", section=ACCESS, fresh=True)
def list_users(session: PeopleSession, data: Data) -> Data:
    """The company's members, by login."""
    found = session.users.members(session.company, data["limit"], data["cursor"])
    return {**found, "items": [present_user(session, user) for user in found["items"]]}


@query(takes=contract.ListColleagues, gives=contract.ColleaguePage, needs="people.own", section=ACCESS)
def list_colleagues(session: PeopleSession, data: Data) -> Data:
    """The company's members by name, those who left too: they are named in what they did."""
    found = session.users.colleagues(session.company, data["q"], data["limit"], data["cursor"])
    return {**found, "items": [present_colleague(session, user) for user in found["items"]]}
