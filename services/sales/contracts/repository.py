"""Contracts, with the traits that they are filtered by, and when each is billed next."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis import counting
from services.chassis.days import start_of_day
from services.chassis.errors import NotFound
from services.chassis.pages import after, day, page
from services.chassis.replicas.zones import CompanyZone
from services.chassis.storage.derived_fields import Derived
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.contracts.model import Contract
from services.sales.shared.pages import beyond, first_of, until
from services.sales.shared.records import document_of, insert_once, record_of

NEWEST = [("created_at", -1), ("_id", -1)]
SOONEST = [("next_due", 1), ("_id", 1)]
MOST_OF_A_SOURCE = 20

WORKS = "contracts"
INDEXES = (
    Index("contracts", SOONEST),
    Index("contracts", [("person_id", 1), *NEWEST]),
    Index("contracts", [("person_id", 1), ("traits", 1), *NEWEST]),
    Index("contracts", [("source_id", 1), ("surplus", 1)], unique=True),
)
# Contracts of versions that did not bill are billed from the day on which a newer version first starts.
DERIVED = Derived(
    "contracts",
    "bills_from",
    "starts_on",
    lambda _: dt.datetime.now(dt.UTC).date().isoformat(),
    also=lambda: {"next_at": dt.datetime.now(dt.UTC)},
)


class Contracts:
    """A contract is work (`next_at`) from the beginning of the day on which its next period is due."""

    def __init__(self, documents: TenantCollection, numbers: TenantCollection, zone: CompanyZone) -> None:
        self._documents = documents
        self._numbers = numbers
        self._zone = zone

    def next_number(self) -> int:
        return self._numbers.take_numbers("contract")[0]

    def get(self, contract_id: str) -> Contract:
        """Raises NotFound("contract_not_found")."""
        return _contract(self._documents.visible.find_one({"_id": contract_id}))

    def get_any(self, contract_id: str) -> Contract:
        """As `get`, whoever may see the contract; for jobs."""
        return _contract(self._documents.find_one({"_id": contract_id}))

    def add(self, contract: Contract) -> None:
        """Raises ConcurrentUpdate("version_changed") for a source that has this contract already."""
        insert_once(self._documents, self._document(contract))

    def save(self, contract: Contract) -> None:
        contract.version += 1
        self._documents.replace(self._document(contract))

    def reschedule(self, contract: Contract) -> None:
        """Sets when the contract is due again, after a run that billed nothing; not if it was changed meanwhile."""
        where = {"_id": contract.id, "version": contract.version}
        self._documents.update_many(where, {"$set": self._due_fields(contract)})

    def of_source(self, source_id: str) -> list[Contract]:
        """The contract of the sale first, then that of its surplus."""
        found = self._documents.find({"source_id": source_id}, [("surplus", 1)], MOST_OF_A_SOURCE)
        return [contract_of(document) for document in found]

    def due(self, day_: dt.date, limit: int, cursor: str | None) -> dict[str, Any]:
        """Contracts with a period due on the day or before, the earliest first."""
        where = {"next_due": {"$lt": until(day_)}, **beyond(cursor, "next_due", 1, day)}
        found = self._documents.visible.find(where, SOONEST, limit + 1)
        return page(found, limit, "next_due", contract_of)

    def page(
        self, person_id: str, traits: list[list[str]], limit: int, cursor: str | None, *, counted: bool = False
    ) -> dict[str, Any]:
        """A person's contracts that have all the traits of one of the lists, newest first."""
        rest, rows = after(cursor, "created_at"), self._documents.visible
        having: list[Document] = [
            {"person_id": person_id} | ({"traits": {"$all": one}} if one else {}) for one in traits
        ]
        lists = [rows.find({**one, **rest}, NEWEST, limit + 1) for one in having]
        shown = page(first_of(lists, NEWEST, limit + 1), limit, "created_at", contract_of)
        return counting.with_count_of_several(shown, rows, having, NEWEST, asked=counted)

    def _document(self, contract: Contract) -> Document:
        plain = {**document_of(contract), "bills_from": contract.bills_from.isoformat()}
        return {**plain, "traits": contract.traits, **self._due_fields(contract)}

    def _due_fields(self, contract: Contract) -> Document:
        due = contract.next_due
        if due is None:
            return {"next_due": None, "next_at": None}
        begins = start_of_day(due, self._zone.get())
        return {"next_due": due.isoformat(), "next_at": begins}


def contract_of(found: Document) -> Contract:
    made = record_of(found, Contract)
    if made.plan is None:  # of an earlier version
        since = dt.date.fromisoformat(found["bills_from"]) if "bills_from" in found else made.created_at.date()
        made.begin_billing(since, since)
    return made


def _contract(document: Document | None) -> Contract:
    if document is None:
        raise NotFound("contract_not_found", "Contrato não encontrado.")
    return contract_of(document)
