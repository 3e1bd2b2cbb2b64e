"""Answers to the cycle (row A12): one record an attendance, with the last answer of each question."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.attendance.cycles.model import CycleAnswer
from services.chassis.storage.indexes import Index
from services.chassis.storage.tenant import TenantCollection

INDEXES = (Index("cycle_answers", [("attendance_id", 1), ("answered_at", -1), ("_id", -1)]),)


class Answers:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def of_attendance(self, attendance_id: str) -> dict[str, CycleAnswer]:
        """By question id."""
        found: dict[str, Any] = self._documents.find_one({"_id": attendance_id}) or {"answers": []}
        return {one["question_id"]: CycleAnswer(**one) for one in found["answers"]}

    def put(self, attendance_id: str, answers: dict[str, CycleAnswer]) -> None:
        """All answers of an attendance; the attendance's own version keeps two writers apart."""
        if not answers:
            self.delete(attendance_id)
            return
        answered_at = max(one.answered_at for one in answers.values())
        kept = {"_id": attendance_id, "attendance_id": attendance_id, "answered_at": answered_at}
        self._documents.put({**kept, "answers": [asdict(one) for one in answers.values()]})

    def delete(self, attendance_id: str) -> None:
        """When the attendance is purged."""
        self._documents.delete({"_id": attendance_id})
