"""What decides who may be told and shown what: copies of users with their roles, and of attendances with their flows.

Read when it is asked: a right withdrawn meanwhile counts. A part of the store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from services.chassis.mongo import Document, Index, Tenant, TenantCollection
from services.chassis.visibility import CATEGORY, AttendanceFacts, Sight, joined
from services.notifications.domain import Member

PERSONS, ATTENDANCES, FLOWS, USERS, ROLES = "persons", "attendances", "flows", "users", "roles"
INDEXES = tuple(Index(name, [("_id", 1)]) for name in (PERSONS, ATTENDANCES, FLOWS, USERS, ROLES))


class Members:
    """The company's users. A user or built-in role of two companies has a copy in each, under the company's name."""

    def __init__(self, tenant: Tenant) -> None:
        self._company = tenant.company
        self._users, self._roles = tenant.collection(USERS), tenant.collection(ROLES)

    def put(self, user_id: str, sequence: int, active: bool, roles: Iterable[Mapping[str, Any]]) -> None:
        """For a handler subscribed with `once=False`. The roles first: a user without theirs has no right."""
        held = list(roles)
        for role in held:
            self.put_role(role["role_id"], role["version"], role)
        user = {"active": active, "roles": [self._id(role["role_id"]) for role in held]}
        self._users.put_newer({"_id": self._id(user_id), "sequence": sequence, **user}, by="sequence")

    def put_role(self, role_id: str, version: int, told: Mapping[str, Any]) -> None:
        """For a handler subscribed with `once=False`."""
        given = {"permissions": told["permissions"], "scopes": told["scopes"]}
        self._roles.put_newer({"_id": self._id(role_id), "sequence": version, **given}, by="sequence")

    def known(self, user_ids: Iterable[str]) -> dict[str, Member]:
        """By user, those that we have heard of; two reads."""
        users = _read(self._users, {self._id(user_id) for user_id in user_ids})
        roles = _read(self._roles, {role for user in users.values() for role in user["roles"]})
        return {_own(key): _member(key, user, roles) for key, user in users.items()}

    def _id(self, record_id: str) -> str:
        return f"{self._company}:{record_id}"


class Attendances:
    """Attendances, with what decides who sees them; their flows beside them. Both by version, in any order."""

    def __init__(self, tenant: Tenant) -> None:
        self._documents, self._flows = tenant.collection(ATTENDANCES), tenant.collection(FLOWS)

    def put(self, attendance_id: str, sequence: int, told: Mapping[str, Any]) -> None:
        """For a handler subscribed with `once=False`; `told`: AttendanceSeen. The flow first: nobody would see it."""
        for rows, copy in _copies(self._documents, self._flows, attendance_id, sequence, told):
            rows.put_newer(copy, by="sequence")

    def put_within(self, attendance_id: str, sequence: int, told: Mapping[str, Any]) -> None:
        """The same in a transaction, which another one's newer copy would end."""
        for rows, copy in _copies(self._documents, self._flows, attendance_id, sequence, told):
            known = rows.find_one({"_id": copy["_id"]})
            if known is None or known["sequence"] < copy["sequence"]:
                rows.put(copy)

    def put_flow(self, flow_id: str, version: int, users: Sequence[str]) -> None:
        """For a handler subscribed with `once=False`."""
        self._flows.put_newer(_flow(flow_id, version, users), by="sequence")

    def facts(self, attendance_ids: Iterable[str]) -> dict[str, AttendanceFacts]:
        """By attendance, those that we have heard of; two reads."""
        found = _read(self._documents, set(attendance_ids))
        flows = _read(self._flows, {one["flow_id"] for one in found.values() if one["flow_id"]})
        return {
            key: AttendanceFacts(one["type_id"], one["flow_id"], flows.get(one["flow_id"], {}).get("users"))
            for key, one in found.items()
        }


class Seeing:
    """The rows of a person's conversations that one user sees."""

    def __init__(self, sight: Sight, persons: TenantCollection, attendances: Attendances) -> None:
        self._sight, self._persons, self._attendances = sight, persons, attendances

    def person(self, person: Document) -> bool:
        return self._sight.person(person.get("categories"))

    def visible(self, rows: Sequence[Document]) -> list[Document]:
        """In their order; three reads at most."""
        if self._sight.narrowed(CATEGORY):
            persons = _read(self._persons, {row["person_id"] for row in rows})
            rows = [row for row in rows if self.person(persons.get(row["person_id"], {}))]
        facts = self._attendances.facts({row["attendance_id"] for row in rows if row.get("attendance_id")})
        return [row for row in rows if self._sight.attendance(facts.get(row.get("attendance_id") or ""))]


def _copies(
    attendances: TenantCollection, flows: TenantCollection, attendance_id: str, sequence: int, told: Mapping[str, Any]
) -> list[tuple[TenantCollection, Document]]:
    flow = told["flow"]
    filed = {"type_id": told["type_id"], "flow_id": flow["flow_id"] if flow else None}
    itself = (attendances, {"_id": attendance_id, "sequence": sequence, **filed})
    return [(flows, _flow(flow["flow_id"], flow["version"], flow["users"])), itself] if flow else [itself]


def _flow(flow_id: str, version: int, users: Sequence[str]) -> Document:
    return {"_id": flow_id, "sequence": version, "users": list(users)}


def _member(key: str, user: Document, roles: Mapping[str, Document]) -> Member:
    held = [roles[role] for role in user["roles"] if role in roles]
    permissions = frozenset(permission for role in held for permission in role["permissions"])
    return Member(user["active"], permissions, Sight(_own(key), joined([role["scopes"] for role in held])))


def _own(key: str) -> str:
    return key.rpartition(":")[2]


def _read(rows: TenantCollection, ids: Collection[str]) -> dict[str, Document]:
    found = rows.find({"_id": {"$in": sorted(ids)}}, [("_id", 1)], len(ids)) if ids else []
    return {one["_id"]: one for one in found}
