"""Drafts in the database (row A9): one a user and attendance, or a user and person."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.attendance.drafts.model import Draft
from services.chassis import counting
from services.chassis.pages import after, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.tenant import TenantCollection

INDEXES = (
    Index("drafts", [("user_id", 1), ("updated_at", -1), ("_id", -1)]),
    Index("drafts", [("attendance_id", 1)]),
)

LAST_WRITTEN = [("updated_at", -1), ("_id", -1)]


class Drafts:
    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._documents, self._company = documents, company

    def find(self, user_id: str, person_id: str, attendance_id: str | None) -> Draft | None:
        """The draft, or None; also None for an attendance that the user may no longer see."""
        found = self._documents.visible.find_one({"_id": self._name(user_id, person_id, attendance_id)})
        return as_record(found, Draft) if found else None

    def find_or_new(self, user_id: str, person_id: str, attendance_id: str | None) -> Draft:
        return self.find(user_id, person_id, attendance_id) or Draft(user_id, person_id, attendance_id)

    def put(self, draft: Draft) -> None:
        name = self._name(draft.user_id, draft.person_id, draft.attendance_id)
        self._documents.put({"_id": name, **asdict(draft)})

    def discard(self, user_id: str, person_id: str, attendance_id: str | None) -> bool:
        """Deletes the draft; tells whether there was one."""
        return self._documents.delete({"_id": self._name(user_id, person_id, attendance_id)})

    def forget(self, user_id: str, person_id: str, attendance_id: str | None) -> None:
        """Deletes the draft, if there is one."""
        self._documents.discard({"_id": self._name(user_id, person_id, attendance_id)})

    def delete_all(self, attendance_id: str) -> int:
        """Deletes the drafts of every user for an attendance; gives their number."""
        return self._documents.delete_many({"attendance_id": attendance_id})

    def of_user(self, user_id: str, limit: int, cursor: str | None, counted: bool = False) -> dict[str, Any]:
        """Last written first."""
        where = {"user_id": user_id}
        found = self._documents.visible.find({**where, **after(cursor, "updated_at")}, LAST_WRITTEN, limit + 1)
        shown = page(found, limit, "updated_at", lambda row: as_record(row, Draft))
        return counting.with_count(shown, self._documents.visible, where, LAST_WRITTEN, asked=counted)

    def _name(self, user_id: str, person_id: str, attendance_id: str | None) -> str:
        about = f"attendance/{attendance_id}" if attendance_id else f"person/{person_id}"
        return f"{self._company}/{user_id}/{about}"
