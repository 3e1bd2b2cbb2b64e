"""Contracts, with the traits that they are filtered by."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import NotFound
from services.chassis.pages import after, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.contracts.model import Contract
from services.sales.shared.records import document_of, insert_once, record_of

NEWEST = [("created_at", -1), ("_id", -1)]
MOST_OF_A_SOURCE = 20

INDEXES = (
    Index("contracts", [("person_id", 1), *NEWEST]),
    Index("contracts", [("person_id", 1), ("traits", 1), *NEWEST]),
    Index("contracts", [("source_id", 1), ("surplus", 1)], unique=True),
)


class Contracts:
    def __init__(self, documents: TenantCollection, numbers: TenantCollection) -> None:
        self._documents = documents
        self._numbers = numbers

    def next_number(self) -> int:
        return self._numbers.take_numbers("contract")[0]

    def get(self, contract_id: str) -> Contract:
        """Raises NotFound("contract_not_found")."""
        found = self._documents.seen.find_one({"_id": contract_id})
        if found is None:
            raise NotFound("contract_not_found", "Contrato não encontrado.")
        return record_of(found, Contract)

    def add(self, contract: Contract) -> None:
        """Raises ConcurrentUpdate("version_changed") for a source that has this contract already."""
        insert_once(self._documents, _document(contract))

    def save(self, contract: Contract) -> None:
        contract.version += 1
        self._documents.replace(_document(contract))

    def of_source(self, source_id: str) -> list[Contract]:
        """The main one first, then the one of the surplus."""
        found = self._documents.find({"source_id": source_id}, [("surplus", 1)], MOST_OF_A_SOURCE)
        return [record_of(document, Contract) for document in found]

    def page(self, person_id: str, traits: list[str], limit: int, cursor: str | None) -> dict[str, Any]:
        """Those that have all the traits, newest first."""
        having: Document = {"traits": {"$all": traits}} if traits else {}
        where = {"person_id": person_id, **having, **after(cursor, "created_at")}
        found = self._documents.seen.find(where, NEWEST, limit + 1)
        return page(found, limit, "created_at", lambda document: record_of(document, Contract))


def _document(contract: Contract) -> Document:
    return {**document_of(contract), "traits": contract.traits}
