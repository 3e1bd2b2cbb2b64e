"""Appointments in the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from services.chassis import counting
from services.chassis.pages import after, beyond, moment, page, read_cursor, word
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.scheduling.model import Appointment

LATEST = [("starts_at", -1), ("_id", -1)]
EARLIEST = [("starts_at", 1), ("_id", 1)]
# A period of starts (UTC): from the first, before the second; None: without this bound.
Period = tuple[dt.datetime | None, dt.datetime | None]


class Appointments:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, appointment: Appointment) -> None:
        fields = asdict(appointment)
        self._documents.insert({"_id": fields.pop("id"), **fields})

    def of_person(self, person_id: str, limit: int, cursor: str | None, counted: bool = False) -> dict[str, Any]:
        owner = {"person_id": person_id}
        shown = self._page(owner, limit, cursor)
        return counting.with_count(shown, self._documents.visible, owner, LATEST, asked=counted)

    def in_period(
        self, user_id: str | None, period: Period, limit: int, cursor: str | None, counted: bool
    ) -> dict[str, Any]:
        """Appointments that start in a period, the earliest first; `user_id`: only those that this user booked."""
        bounds = {name: at for name, at in zip(("$gte", "$lt"), period, strict=True) if at is not None}
        where = {**({"booked_by_id": user_id} if user_id else {}), **({"starts_at": bounds} if bounds else {})}
        following = beyond("starts_at", *read_cursor(cursor, moment, word), descending=False) if cursor else {}
        found = self._documents.visible.find({**where, **following}, EARLIEST, limit + 1)
        shown = page(found, limit, "starts_at", _appointment)
        return counting.with_count(shown, self._documents.visible, where, EARLIEST, asked=counted)

    def of_opportunity(self, opportunity_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        return self._page({"opportunity_id": opportunity_id}, limit, cursor)

    def _page(self, owner: Document, limit: int, cursor: str | None) -> dict[str, Any]:
        where = {**owner, **after(cursor, "starts_at")}
        documents = self._documents.visible.find(where, LATEST, limit + 1)
        return page(documents, limit, "starts_at", _appointment)


def _appointment(found: Document) -> Appointment:
    return as_record(found, Appointment)
