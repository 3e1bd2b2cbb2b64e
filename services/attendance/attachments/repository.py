"""Attachments, their bytes in parts of at most 256 KiB, and unfinished uploads, in the database (ADR 0014).

It works like GridFS, but in the company's collections and in the transactions of the use cases.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from services.attendance.attachments.model.attachments import (
    DISCARDED,
    RECEIVING,
    STAGED_LIMIT,
    Attachment,
    Opening,
    Upload,
    attachment_not_found,
    upload_discarded,
)
from services.chassis.pages import after, page
from services.chassis.storage.indexes import Index, SystemIndex
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection

# Leased work: uploads that expired or were discarded (attachments/jobs.py).
UPLOADS = "uploads"
PARTS = "attachment_parts"
ATTACHMENTS = "attachments"
OPENINGS = "openings"
INDEXES = (
    # Lists newest first: recorded attachments (staged_by null), and those that a user has staged.
    Index(ATTACHMENTS, [("attendance_id", 1), ("staged_by", 1), ("uploaded_at", -1), ("_id", -1)]),
    # All attachments of an attendance, to remove or report them with it (personal_data.py).
    Index(ATTACHMENTS, [("attendance_id", 1), ("uploaded_at", -1), ("_id", -1)]),
    Index(UPLOADS, [("attendance_id", 1), ("next_at", -1), ("_id", -1)]),
    Index(PARTS, [("attendance_id", 1), ("number", -1), ("_id", -1)]),
)
EXPIRIES = (SystemIndex(OPENINGS, [("ends_at", 1)], expire_after=0),)
PAGE = 100


def part_id(attachment_id: str, number: int) -> str:
    return f"{attachment_id}:{number:04d}"


class Uploads:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, upload: Upload) -> None:
        self._documents.insert(_document(upload))

    def get(self, upload_id: str, user: str) -> Upload:
        """An upload of the user; raises Conflict("upload_discarded") for any other."""
        document = self._documents.find_one({"_id": upload_id})
        if document is None or document["uploaded_by"] != user:
            raise upload_discarded()
        return upload_of(document)

    def save(self, upload: Upload) -> None:
        upload.version += 1
        self._documents.replace(_document(upload))

    def count_unfinished(self, attendance_id: str, user: str) -> int:
        """Of the attendance's latest uploads, how many the user has begun and not finished."""
        order = [("next_at", -1), ("_id", -1)]
        found = self._documents.find({"attendance_id": attendance_id}, order, PAGE, ("uploaded_by", "state"))
        return sum(one["uploaded_by"] == user and one["state"] == RECEIVING for one in found)

    def discard_all(self, attendance_id: str, at: dt.datetime) -> None:
        """Discards all uploads of an attendance; a part stored at the same time fails by the version."""
        changed = {"$set": {"state": DISCARDED, "next_at": at, "name": ""}, "$inc": {"version": 1}}
        self._documents.update_many({"attendance_id": attendance_id}, changed)

    def delete(self, upload: Upload) -> None:
        self._documents.delete({"_id": upload.id})


class Openings:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def put(self, opening: Opening) -> None:
        self._documents.put(_document(opening))

    def find(self, attendance_id: str) -> Opening | None:
        found = self._documents.find_one({"_id": attendance_id})
        return as_record(found, Opening) if found else None

    def delete(self, attendance_id: str) -> None:
        """Once the attendance is opened: its files are found by it."""
        self._documents.discard({"_id": attendance_id})


class Attachments:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, attachment: Attachment) -> None:
        self._documents.insert(_document(attachment))

    def get(self, attachment_id: str) -> Attachment:
        """Raises NotFound("attachment_not_found")."""
        attachment = self.find(attachment_id)
        if attachment is None:
            raise attachment_not_found()
        return attachment

    def find(self, attachment_id: str) -> Attachment | None:
        found = self._documents.find_one({"_id": attachment_id})
        return _attachment(found) if found else None

    def save(self, attachment: Attachment) -> None:
        attachment.version += 1
        self._documents.replace(_document(attachment))

    def delete(self, attachment: Attachment) -> None:
        self._documents.delete({"_id": attachment.id})

    def first_of(self, attendance_id: str) -> list[Attachment]:
        """At most PAGE attachments of an attendance, recorded or staged."""
        order = [("uploaded_at", -1), ("_id", -1)]
        return [
            _attachment(document) for document in self._documents.find({"attendance_id": attendance_id}, order, PAGE)
        ]

    def count_staged(self, attendance_id: str, user: str) -> int:
        """The number of attachments that the user has staged in the attendance, at most STAGED_LIMIT."""
        where = {"attendance_id": attendance_id, "staged_by": user}
        return len(self._documents.find(where, [("uploaded_at", -1), ("_id", -1)], STAGED_LIMIT))

    def of_attendance(
        self, attendance_id: str, staged_by: str | None, limit: int, cursor: str | None
    ) -> dict[str, Any]:  # fmt: skip
        where = {"attendance_id": attendance_id, "staged_by": staged_by, **after(cursor, "uploaded_at")}
        found = self._documents.find(where, [("uploaded_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "uploaded_at", _attachment)


class Parts:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, upload: Upload, number: int, data: bytes) -> None:
        fields = {"_id": part_id(upload.id, number), "attendance_id": upload.attendance_id, "number": number}
        self._documents.insert({**fields, "data": data})

    def get(self, attachment_id: str, number: int) -> bytes:
        """Raises NotFound("attachment_not_found")."""
        found = self._documents.find_one({"_id": part_id(attachment_id, number)})
        if found is None:
            raise attachment_not_found()
        return bytes(found["data"])

    def delete(self, attachment_id: str, number: int) -> None:
        self._documents.delete({"_id": part_id(attachment_id, number)})


def upload_of(found: Document) -> Upload:
    return as_record(found, Upload, kinds=tuple(found["kinds"]))


def _attachment(found: Document) -> Attachment:
    return as_record(found, Attachment)


def _document(record: Attachment | Upload | Opening) -> Document:
    fields = asdict(record)
    return {"_id": fields.pop("id"), **fields}
