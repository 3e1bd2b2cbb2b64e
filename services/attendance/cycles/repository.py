"""Answers to service cycles (row A12): one document an attendance, with the last answer to each question."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.attendance.cycles.model import CycleAnswer
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.tenant import TenantCollection

INDEXES = (Index("cycle_answers", [("attendance_id", 1), ("answered_at", -1), ("_id", -1)]),)


class Answers:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def of_attendance(self, attendance_id: str) -> dict[str, CycleAnswer]:
        """The answers of an attendance by question id."""
        document: dict[str, Any] = self._documents.find_one({"_id": attendance_id}) or {"answers": []}
        return {answer["question_id"]: as_record(answer, CycleAnswer) for answer in document["answers"]}

    def put(self, attendance_id: str, answers: dict[str, CycleAnswer]) -> None:
        """Replaces all answers. The attendance's version, saved in the same transaction, detects a second writer."""
        if not answers:
            self.delete(attendance_id)
            return
        answered_at = max(answer.answered_at for answer in answers.values())
        fields = {"_id": attendance_id, "attendance_id": attendance_id, "answered_at": answered_at}
        self._documents.put({**fields, "answers": [asdict(answer) for answer in answers.values()]})

    def delete(self, attendance_id: str) -> None:
        """Removes all answers of an attendance."""
        self._documents.delete({"_id": attendance_id})
