"""Users and companies of the installation."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.chassis.errors import NotFound
from services.chassis.mongo import Document, Index, TenantCollection
from services.people.domain import Company, User

INDEXES = (
    Index("users", [("login", 1)], unique=True),
    Index("companies", [("code", 1)], unique=True),
)


class Users:
    """Users of the whole installation."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def by_login(self, login: str) -> User | None:
        found = self._documents.find_one({"login": login})
        return User(id=found["_id"], **_only(found, "login", "name", "password_hash", "memberships")) if found else None

    def put(self, user: User) -> None:
        document = asdict(user)
        self._documents.put({"_id": document.pop("id"), **document})


class Companies:
    """The companies of this installation."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def get(self, company_id: str) -> Company:
        return _company(self._documents.find_one({"_id": company_id}))

    def by_code(self, code: str) -> Company | None:
        found = self._documents.find_one({"code": code})
        return _company(found) if found else None

    def put(self, company: Company) -> None:
        document = asdict(company)
        self._documents.put({"_id": document.pop("id"), **document})


def _company(found: Document | None) -> Company:
    if found is None:
        raise NotFound("company_not_found", "Empresa não encontrada.")
    return Company(id=found["_id"], **_only(found, "code", "name", "time_zone"))


def _only(document: Document, *names: str) -> dict[str, Any]:
    return {name: document[name] for name in names}
