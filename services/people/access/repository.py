"""The access to one company: its roles, sessions and API keys, and the audit of administrative acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from services.chassis.errors import Conflict, Invalid, NotFound
from services.chassis.jobs.retention import Retention
from services.chassis.pages import after, every_item, page
from services.chassis.storage.indexes import Index, SystemIndex
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant, TenantCollection
from services.chassis.texts import fold
from services.people.access import model as access_model
from services.people.access.model import BUILT_IN, Access, Role, built_in_roles
from services.people.keys.model import ApiKey
from services.people.sessions.model.sessions import SignedSession, UsedToken

INDEXES = (
    Index("roles", [("name_key", 1)], unique=True),
    Index("keys", [("created_at", -1), ("_id", -1)]),
    Index("keys", [("created_by", 1), ("created_at", -1), ("_id", -1)]),
    Index("access_audit", [("at", -1), ("_id", -1)]),
    Index("access_audit", [("about", 1), ("at", -1), ("_id", -1)]),
)
EXPIRIES = (SystemIndex("sessions", [("expires_at", 1)], expire_after=0),)
RETENTIONS = (Retention("access_audit", "at", "VINCULO_ACCESS_AUDIT_DAYS", 1825),)
MOST_ROLES = 100
KEYS_PAGE = 500


class CompanyAccess:
    """Roles, sessions, keys and audit of one company."""

    def __init__(self, tenant: Tenant) -> None:
        self._company = tenant.company
        self._guards = tenant.collection("access_guards")
        self.roles = Roles(tenant.collection("roles"))
        self.sessions = Sessions(tenant.collection("sessions"))
        self.keys = Keys(tenant.collection("keys"))
        self.audit = Audit(tenant.collection("access_audit"))

    def guard_administrators(self) -> None:
        """Makes two transactions conflict that each may take away an administrator, so that one of them runs again."""
        self._guards.increment(f"{self._company}:administrators", {"changes": 1}, first={})


class Roles:
    """A company's own roles, beside the built-in ones."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def all(self) -> list[Role]:
        own = self._documents.find({}, [("name_key", 1)], MOST_ROLES)
        return [*built_in_roles(), *(_role(found) for found in own)]

    def get(self, role_id: str) -> Role:
        """Raises NotFound("role_not_found")."""
        role = self._find(role_id)
        if role is None:
            raise NotFound("role_not_found", "Papel não encontrado.")
        return role

    def many(self, role_ids: Iterable[str]) -> list[Role]:
        """Raises Invalid("role_unknown")."""
        found = [self._find(role_id) for role_id in role_ids]
        known = [role for role in found if role is not None]
        if not known or len(known) < len(found):
            detail = "Informe ao menos um papel, e só papéis desta empresa."
            raise Invalid("role_unknown", detail, fields={"role_ids": [detail]})
        return known

    def access_of(self, role_ids: Iterable[str]) -> Access:
        """The access that these roles give together; a deleted role gives nothing."""
        return access_model.access_of(self.existing(role_ids))

    def existing(self, role_ids: Iterable[str]) -> list[Role]:
        """The roles of these ids that exist."""
        return [role for role_id in role_ids if (role := self._find(role_id)) is not None]

    def add(self, role: Role) -> None:
        """Raises Conflict("role_exists") or Conflict("role_limit")."""
        if len(self.all()) - len(BUILT_IN) >= MOST_ROLES:
            raise Conflict("role_limit", f"Uma empresa tem no máximo {MOST_ROLES} papéis próprios.")
        self._refuse_known_name(role)
        self._documents.insert(_role_document(role))

    def save(self, role: Role) -> None:
        self._refuse_known_name(role)
        role.version += 1
        self._documents.replace(_role_document(role))

    def remove(self, role_id: str) -> None:
        self._documents.delete({"_id": role_id})

    def _refuse_known_name(self, role: Role) -> None:
        key = fold(role.name)
        names = {fold(built_in.name) for built_in in built_in_roles()} | set(BUILT_IN)
        holder = self._documents.find_one({"name_key": key})
        if key in names or (holder is not None and holder["_id"] != role.id):
            raise Conflict("role_exists", "Já existe um papel com este nome.")

    def _find(self, role_id: str) -> Role | None:
        if role_id in BUILT_IN:
            return next(role for role in built_in_roles() if role.id == role_id)
        found = self._documents.find_one({"_id": role_id})
        return _role(found) if found else None


class Sessions:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def find(self, session_id: str) -> SignedSession | None:
        found = self._documents.find_one({"_id": session_id})
        if found is None:
            return None
        used = [as_record(each, UsedToken) for each in found.get("used", ())]
        return as_record(found, SignedSession, used=used)

    def add(self, session: SignedSession) -> None:
        self._documents.insert(_plain(session))

    def save(self, session: SignedSession) -> None:
        session.version += 1
        self._documents.replace(_plain(session))

    def end(self, session_id: str) -> None:
        self._documents.delete({"_id": session_id})


class Keys:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def find(self, key_id: str) -> ApiKey | None:
        found = self._documents.find_one({"_id": key_id})
        return _key(found) if found else None

    def get(self, key_id: str) -> ApiKey:
        """Raises NotFound("key_not_found")."""
        key = self.find(key_id)
        if key is None:
            raise NotFound("key_not_found", "Chave de API não encontrada.")
        return key

    def page(self, created_by: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page of keys, newest first: all, or those that a user made."""
        where = {**({"created_by": created_by} if created_by else {}), **after(cursor, "created_at")}
        found = self._documents.find(where, [("created_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "created_at", _key)

    def live_of(self, user_id: str, now: dt.datetime) -> list[ApiKey]:
        """The keys that a user made and that are neither revoked nor expired, newest first."""
        return [key for key in every_item(lambda cursor: self.page(user_id, KEYS_PAGE, cursor)) if key.is_live(now)]

    def live(self, now: dt.datetime) -> list[ApiKey]:
        """The same, whoever made them."""
        return [key for key in every_item(lambda cursor: self.page(None, KEYS_PAGE, cursor)) if key.is_live(now)]

    def add(self, key: ApiKey) -> None:
        self._documents.insert(_plain(key))

    def save(self, key: ApiKey) -> None:
        key.version += 1
        self._documents.replace(_plain(key))


class Audit:
    """The access audit: records are never changed; they are deleted only when their retention ends."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, record: Document) -> None:
        self._documents.insert({**record, "about": sorted({str(record["actor"]["id"]), str(record["subject"])})})

    def page(self, about: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page of records, newest first; `about`: only those in which this id is the actor or the subject."""
        where = {**({"about": about} if about else {}), **after(cursor, "at")}
        found = self._documents.find(where, [("at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "at", lambda d: {"id": d["_id"], **_without(d, "_id", "company", "about")})


def _plain(record: SignedSession | ApiKey) -> Document:
    fields = asdict(record)
    return {"_id": fields.pop("id"), **fields}


def _without(found: Document, *names: str) -> Document:
    return {k: v for k, v in found.items() if k not in names}


def _key(found: Document) -> ApiKey:
    return as_record(found, ApiKey)


def _role(found: Document) -> Role:
    scopes = {kind: tuple(names) for kind, names in found["scopes"].items()}
    return Role(found["_id"], found["name"], tuple(found["permissions"]), scopes, found["version"])


def _role_document(role: Role) -> Document:
    fields = asdict(role)
    return {"_id": fields.pop("id"), **fields, "name_key": fold(role.name)}
