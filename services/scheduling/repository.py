"""Appointments in the database."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.chassis.pages import after, page
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.scheduling.model import Appointment


class Appointments:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, appointment: Appointment) -> None:
        fields = asdict(appointment)
        self._documents.insert({"_id": fields.pop("id"), **fields})

    def of_person(self, person_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        return self._page({"person_id": person_id}, limit, cursor)

    def of_opportunity(self, opportunity_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        return self._page({"opportunity_id": opportunity_id}, limit, cursor)

    def _page(self, owner: Document, limit: int, cursor: str | None) -> dict[str, Any]:
        where = {**owner, **after(cursor, "starts_at")}
        documents = self._documents.seen.find(where, [("starts_at", -1), ("_id", -1)], limit + 1)
        return page(documents, limit, "starts_at", _appointment)


def _appointment(found: Document) -> Appointment:
    return Appointment(id=found["_id"], **{k: v for k, v in found.items() if k not in ("_id", "company")})
