"""Replicas of the company's users, keys and roles, which decide who may be told what. A part of the repository.

They are read at each decision, so a permission that was withdrawn meanwhile counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from services.chassis.access.roles import BUILT_IN_ROLES
from services.chassis.access.visibility import Sight, merge_scopes
from services.chassis.errors import NotReplicatedYet
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant, TenantCollection
from services.notifications.members.model import CONFIGURE, Contact, Member, settles

USERS, ROLES = "users", "roles"
# Who may configure is found by their roles, which are looked through up to so many; keys have one each.
MOST_ROLES = 500
INDEXES = (
    *(Index(name, [("_id", 1)]) for name in (USERS, ROLES)),
    Index(ROLES, [("permissions", 1), ("_id", 1)]),
    Index(USERS, [("roles", 1), ("active", 1), ("_id", 1)]),
)


class Members:
    """The company's users and their roles. Ids are `company:id`: a built-in role or user may be in several."""

    def __init__(self, tenant: Tenant) -> None:
        self._company = tenant.company
        self._users, self._roles = tenant.collection(USERS), tenant.collection(ROLES)

    def put(self, user_id: str, sequence: int, told: Mapping[str, Any]) -> None:
        """For handlers with `once=False`: an older sequence changes nothing. The roles first: they carry the rights.

        `told`: active, name, login and roles.
        """
        for role in told["roles"]:
            self.put_role(role["role_id"], role["version"], role)
        roles = [self._id(role["role_id"]) for role in told["roles"]]
        user = {"active": told["active"], "roles": roles, "name": told["name"], "email": told["login"]}
        self._users.put_newer({"_id": self._id(user_id), "sequence": sequence, **user}, by="sequence")

    def put_key(self, sequence: int, told: Mapping[str, Any]) -> None:
        """A key among the users, by the id that it acts as; its rights as a role of that id, of which it holds one."""
        actor_id = told["actor_id"]
        self.put_role(actor_id, sequence, told)
        key = {"active": told["active"], "ends_at": told["expires_at"], "name": told["name"], "email": ""}
        row = {"_id": self._id(actor_id), "sequence": sequence, "roles": [self._id(actor_id)], **key}
        self._users.put_newer(row, by="sequence")

    def put_role(self, role_id: str, version: int, role: Mapping[str, Any]) -> None:
        """For handlers with `once=False`: older versions are ignored."""
        rights = {"name": role.get("name"), "permissions": role["permissions"], "scopes": role["scopes"]}
        self._roles.put_newer({"_id": self._id(role_id), "sequence": version, **rights}, by="sequence")

    def known(self, user_ids: Iterable[str]) -> dict[str, Member]:
        """Members by user id; users without a replica yet are left out. Two reads."""
        users = _read(self._users, {self._id(user_id) for user_id in user_ids})
        roles = _read(self._roles, {role for user in users.values() for role in user["roles"]})
        return {_own(key): _member(key, user, roles) for key, user in users.items()}

    def require(self, user_ids: Iterable[str], role_ids: Iterable[str]) -> None:
        """Raises NotReplicatedYet("user_not_found" or "role_not_found") for one that the company does not have."""
        users, roles = list(user_ids), [one for one in role_ids if one not in BUILT_IN_ROLES]
        for rows, named, code, noun in (
            (self._users, users, "user_not_found", "usuário"), (self._roles, roles, "role_not_found", "papel"),
        ):  # fmt: skip
            known = _read(rows, {self._id(one) for one in named})
            missing = next((one for one in named if self._id(one) not in known), None)
            if missing is not None:
                raise NotReplicatedYet(code, f"A empresa não tem o {noun} “{missing}”.", awaited=missing)

    def roles_of(self, user_id: str) -> list[str]:
        """The ids of the user's roles, as far as they are known here."""
        users = _read(self._users, [self._id(user_id)])
        return [_own(role) for user in users.values() for role in user["roles"]]

    def contacts(self, user_ids: Iterable[str]) -> dict[str, Contact]:
        """Of active users, by id; without those whose address is not known here yet. One read."""
        users = _read(self._users, {self._id(user_id) for user_id in user_ids})
        active = {_own(key): user for key, user in users.items() if user["active"] and user.get("email")}
        return {key: Contact(user["name"], user["email"]) for key, user in active.items()}

    def settlers(self, now: dt.datetime, most: int) -> dict[str, Contact]:
        """At most so many of the users who may settle whatever message waits (members/model.py), by id."""
        found: dict[str, Contact] = {}
        for role in self._roles.find({"permissions": CONFIGURE}, [("_id", 1)], MOST_ROLES, ("_id",)):
            holders = self._users.find({"roles": role["_id"], "active": True}, [("_id", 1)], most, ("_id",))
            ids = [_own(user["_id"]) for user in holders]
            able = [one for one, member in self.known(ids).items() if settles(member, now)]
            found |= self.contacts(able)
        return dict(sorted(found.items())[:most])

    def _id(self, record_id: str) -> str:
        return f"{self._company}:{record_id}"


def _member(key: str, user: Document, roles: Mapping[str, Document]) -> Member:
    held = [roles[role] for role in user["roles"] if role in roles]
    permissions = frozenset(permission for role in held for permission in role["permissions"])
    sight = Sight(_own(key), merge_scopes([role["scopes"] for role in held]))
    return Member(user["active"], permissions, sight, user.get("ends_at"))


def _own(key: str) -> str:
    return key.partition(":")[2]


def _read(rows: TenantCollection, ids: Collection[str]) -> dict[str, Document]:
    documents = rows.find({"_id": {"$in": sorted(ids)}}, [("_id", 1)], len(ids)) if ids else []
    return {document["_id"]: document for document in documents}
