"""Opportunities."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128

from services.chassis.errors import NotFound
from services.chassis.mongo import Document, Index, TenantCollection, after, page
from services.sales.domain import Opportunity

INDEXES = (
    Index("opportunities", [("person_id", 1), ("created_at", -1), ("_id", -1)]),
    Index("opportunities", [("person_id", 1), ("status", 1), ("created_at", -1), ("_id", -1)]),
    Index("opportunities", [("attendance_id", 1)], unique=True),
)


class Opportunities:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def get(self, opportunity_id: str) -> Opportunity:
        found = self._documents.find_one({"_id": opportunity_id})
        if found is None:
            raise NotFound("opportunity_not_found", "Contato de venda não encontrado.")
        return _opportunity(found)

    def of_conversation(self, attendance_id: str) -> Opportunity | None:
        found = self._documents.find_one({"attendance_id": attendance_id})
        return _opportunity(found) if found else None

    def add(self, opportunity: Opportunity) -> None:
        self._documents.insert(_document(opportunity))

    def save(self, opportunity: Opportunity) -> None:
        opportunity.version += 1
        self._documents.replace(_document(opportunity))

    def of_person(self, person_id: str, include_closed: bool, limit: int, cursor: str | None) -> list[Document]:
        status = {} if include_closed else {"status": "open"}
        where = {"person_id": person_id, **status, **after(cursor, "created_at")}
        return self._documents.find(where, [("created_at", -1), ("_id", -1)], limit + 1)

    def page(self, person_id: str, include_closed: bool, limit: int, cursor: str | None) -> dict[str, Any]:
        found = self.of_person(person_id, include_closed, limit, cursor)
        return page(found, limit, "created_at", _opportunity)


def _document(opportunity: Opportunity) -> Document:
    fields = asdict(opportunity)
    fields["contact_date"] = fields["contact_date"].isoformat()
    fields["amount"] = None if opportunity.amount is None else Decimal128(opportunity.amount)
    return {"_id": fields.pop("id"), **fields}


def _opportunity(found: Document) -> Opportunity:
    fields = {k: v for k, v in found.items() if k not in ("_id", "company")}
    fields["contact_date"] = dt.date.fromisoformat(fields["contact_date"])
    amount: Decimal128 | None = fields["amount"]
    fields["amount"] = None if amount is None else Decimal(amount.to_decimal())
    return Opportunity(id=found["_id"], **fields)
