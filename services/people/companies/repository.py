"""Companies of the installation in the database."""

from __future__ import annotations

from dataclasses import asdict

from services.chassis.errors import NotFound
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.people.companies.model import Company

INDEXES = (Index("companies", [("code", 1)], unique=True),)


class Companies:
    """The companies of this installation."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def get(self, company_id: str) -> Company:
        found = self._documents.find_one({"_id": company_id})
        if found is None:
            raise NotFound("company_not_found", "Empresa não encontrada.")
        return _company(found)

    def by_code(self, code: str) -> Company | None:
        found = self._documents.find_one({"code": code})
        return _company(found) if found else None

    def first(self, limit: int) -> list[Company]:
        """The first `limit` companies by code; for operators."""
        return [_company(found) for found in self._documents.find({}, [("code", 1)], limit)]

    def put(self, company: Company) -> None:
        document = asdict(company)
        self._documents.put({"_id": document.pop("id"), **document})

    def save(self, company: Company) -> None:
        company.version += 1
        document = asdict(company)
        self._documents.replace({"_id": document.pop("id"), **document})


def _company(found: Document) -> Company:
    return as_record(found, Company)
