"""What people tells other services of users' rights: the roles with each user, and each change of a role."""

from __future__ import annotations

import json
from typing import Any

from services.chassis.handling.session import Actor
from services.people.access import commands as access_commands
from services.people.access.model import PERMISSIONS
from services.people.session import INDEXES, PeopleSession
from services.people.users import commands as users_commands
from services.people.users.model import Membership, User
from tests.support.fakes.memory import Memory


class Company(Memory):
    def of(self, company: str) -> Company:
        return self

    def session(self, user: Any = None) -> Any:
        found = super().session(user)
        found.actor = Actor("u1", "Ana", tuple(PERMISSIONS))
        return found


def test_whoever_hears_of_a_user_hears_their_roles_and_then_each_change_of_them() -> None:
    company = Company(PeopleSession, INDEXES)
    defining: Any = access_commands.define_role
    changing: Any = access_commands.change_role
    scopes = {"section": ["attendances"]}
    given = {"name": "Balcão", "permissions": ["people.read"], "scopes": scopes}
    role = company.run(lambda tx: defining.__wrapped__(tx, dict(given)))
    user = User("u2", "bia@x.example", "Bia", "no hash", {"c1": Membership(["viewer", role.id])})
    company.run(lambda tx: users_commands.announce(tx, user))
    company.run(lambda tx: changing.__wrapped__(tx, {"role_id": role.id, "scopes": {"section": ["orders"]}}))
    told = [json.loads(one["envelope"]) for one in company.documents("outbox")]
    (of_user,) = (one for one in told if one["name"] == "user_changed")
    defined, of_role = (one for one in told if one["name"] == "role_changed")
    assert (defined["sequence"], defined["data"]["name"]) == (1, "Balcão")
    built_in, own = of_user["data"]["roles"]
    assert (built_in["role_id"], built_in["version"]) == ("viewer", 1)
    assert "attendance.read" in built_in["permissions"]
    assert own == {"role_id": role.id, "name": "Balcão", "version": 1, "permissions": ["people.read"], "scopes": scopes}
    assert (of_role["aggregate"], of_role["sequence"]) == (role.id, 2)
    assert of_role["data"]["scopes"] == {"section": ["orders"]}
