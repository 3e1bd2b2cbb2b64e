"""Files that customers send, in the database: first what is to be fetched, then the file in parts (ADR 0014).

A row has the id of the message that it belongs to (inbound/), and the message itself until its file is here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import mimetypes
from dataclasses import asdict
from typing import Any

from services.chassis.errors import NotFound
from services.chassis.jobs.retention import Retention
from services.chassis.storage.indexes import FILLED, Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant
from services.notifications.deliveries.model import WHATSAPP, file_name
from services.notifications.inbound.model import Received, message_id
from services.notifications.whatsapp.reading import IncomingFile

FILES, PARTS = "whatsapp_files", "whatsapp_file_parts"
PART_BYTES = 256 * 1024
NEWEST = [("received_at", -1), ("_id", -1)]
OLDEST = [("received_at", 1), ("_id", 1)]
INDEXES = (
    Index(FILES, [("person_id", 1), *NEWEST]),
    Index(FILES, [("uploaded_by", 1), ("person_id", 1), *OLDEST], only={"uploaded_by": FILLED}),
    Index(PARTS, [("person_id", 1), *NEWEST]),
)
# Of one user, uploaded and in no message yet: the oldest gives way to a further one.
MOST_UNSENT = 20
RETENTIONS = (
    Retention(FILES, "stored_at", "VINCULO_INBOUND_FILE_DAYS", 90),
    Retention(PARTS, "stored_at", "VINCULO_INBOUND_FILE_DAYS", 90),
)
# Of files that come without a name: what a user calls them.
NAMES = {"image": "foto", "video": "video", "audio": "audio"}
# As the files of this type are called; the library says .oga.
EXTENSIONS = {"audio/ogg": ".ogg"}


def waiting_row(company: str, found: Received, file: IncomingFile, at: dt.datetime) -> Document:
    """The work of fetching the file of a message, which was told of at `at`."""
    message = {k: v for k, v in asdict(found).items() if k not in ("files", "left_out", "person_id", "received_at")}
    return {
        "_id": message_id(company, WHATSAPP, found.external_id),
        "person_id": found.person_id,
        "received_at": found.received_at,
        "stored_at": at,
        "message": message,
        "file_id": file.id,
        "media_type": file.media_type,
        "name": name_of(file),
        "tries": 0,
    }


def received_of(row: Document, **more: Any) -> Received:
    """The message that waits with its file; its person may have been merged meanwhile."""
    return Received(**row["message"], person_id=row["person_id"], received_at=row["received_at"], **more)


def name_of(file: IncomingFile) -> str:
    if file.name:
        return file_name(file.name)
    kind = file.media_type.partition("/")[0]
    extension = EXTENSIONS.get(file.media_type) or mimetypes.guess_extension(file.media_type) or ""
    return f"{NAMES.get(kind, 'arquivo')}{extension}"


class WhatsAppFiles:
    def __init__(self, tenant: Tenant) -> None:
        self._rows, self._parts = tenant.collection(FILES), tenant.collection(PARTS)

    def find(self, company: str, external_id: str) -> Document | None:
        return self._rows.find_one({"_id": message_id(company, WHATSAPP, external_id)})

    def begin(self, upload_id: str, name: str, user_id: str, at: dt.datetime) -> Document:
        """An upload without content yet."""
        about = {"person_id": None, "received_at": at, "stored_at": at, "message": None, "uploaded_by": user_id}
        upload = {
            "_id": upload_id,
            **about,
            "ready": False,
            "name": name,
            "kind": "",
            "media_type": "",
            "size": 0,
            "parts": 0,
        }
        self._rows.insert(upload)
        return {"id": upload_id, **upload}

    def make_room(self, user_id: str) -> None:
        """Forgets the user's oldest uploads that no message has, so that one more may begin."""
        where = {"uploaded_by": user_id, "person_id": None}
        while len(unsent := self._rows.find(where, OLDEST, MOST_UNSENT, ("_id",))) >= MOST_UNSENT:
            self._rows.delete({"_id": unsent[0]["_id"]})
            self._delete_parts(unsent[0]["_id"])

    def uploaded_by(self, upload_id: str, user_id: str) -> Document:
        """The user's upload, in no message yet; raises NotFound("whatsapp_file_not_found")."""
        found = self._rows.find_one({"_id": upload_id})
        if found is None or found.get("uploaded_by") != user_id or found["person_id"] is not None:
            raise NotFound("whatsapp_file_not_found", "Este arquivo não está guardado, ou já foi enviado.")
        return found

    def add_upload_part(self, upload: Document, data: bytes) -> Document:
        about = _of(upload)
        self._parts.insert({"_id": part_id(upload["_id"], upload["parts"]), **about, "data": data})
        upload |= {"parts": upload["parts"] + 1, "size": upload["size"] + len(data)}
        return self._write(upload)

    def finish(self, upload: Document) -> Document:
        return self._write(upload | {"ready": True})

    def use(self, upload: Document, person_id: str) -> None:
        """Makes the file the person's, so that an erasure finds it."""
        ids = [part_id(upload["_id"], number) for number in range(upload["parts"])]
        self._parts.update_many({"_id": {"$in": ids}}, {"$set": {"person_id": person_id}})
        self._write(upload | {"person_id": person_id})

    def content(self, file_id: str, parts: int) -> bytes:
        """Raises LookupError where it was deleted."""
        try:
            return b"".join(self.part(file_id, number) for number in range(parts))
        except NotFound as error:
            raise LookupError(file_id) from error

    def _write(self, upload: Document) -> Document:
        self._rows.update_many({"_id": upload["_id"]}, {"$set": {k: v for k, v in upload.items() if k != "_id"}})
        return {"id": upload["_id"], **upload}

    def waiting(self, row_id: str) -> Document | None:
        """The row, as long as its message waits."""
        found = self._rows.find_one({"_id": row_id})
        return found if found is not None and found["message"] is not None else None

    def add_parts(self, row: Document, content: bytes) -> None:
        """Outside a transaction, and as often as it is tried."""
        about = _of(row)
        for number, start in enumerate(range(0, len(content), PART_BYTES)):
            part = {"_id": part_id(row["_id"], number), **about, "data": content[start : start + PART_BYTES]}
            self._parts.insert_new([part])

    def forget_parts(self, row_id: str) -> None:
        """Where an erasure took the file while it was fetched."""
        found = self._rows.find_one({"_id": row_id})
        if found is None or found.get("size") is None:
            self._delete_parts(row_id)

    def _delete_parts(self, row_id: str) -> None:
        self._parts.delete_many({"_id": {"$gte": part_id(row_id, 0), "$lte": part_id(row_id, 9_999)}})

    def settle(self, row: Document, content: bytes | None) -> None:
        """Ends the work of fetching: `content` is None for a file that cannot be fetched. In a transaction."""
        changes: Document = {"message": None, "size": None}
        if content is not None:
            digest = hashlib.sha256(content).hexdigest()
            changes |= {"size": len(content), "parts": -(-len(content) // PART_BYTES), "digest": digest}
        self._rows.update_many({"_id": row["_id"]}, {"$set": changes, "$unset": {"next_at": ""}})

    def kept(self, file_id: str) -> dict[str, Any]:
        """Raises NotFound("whatsapp_file_not_found")."""
        found = self._rows.find_one({"_id": file_id})
        if found is None or found.get("size") is None or "uploaded_by" in found:
            raise NotFound("whatsapp_file_not_found", "Este arquivo não está guardado.")
        return {"id": found["_id"], **{name: found[name] for name in ("name", "media_type", "size", "parts", "digest")}}

    def part(self, file_id: str, number: int) -> bytes:
        """Raises NotFound("whatsapp_file_not_found")."""
        found = self._parts.find_one({"_id": part_id(file_id, number)})
        if found is None:
            raise NotFound("whatsapp_file_not_found", "Este arquivo não está guardado.")
        return bytes(found["data"])


def _of(row: Document) -> Document:
    """What its parts say of it; rows of an earlier version do not say when they were stored."""
    times = {"received_at": row["received_at"], "stored_at": row.get("stored_at", row["received_at"])}
    return {"person_id": row["person_id"], **times}


def part_id(file_id: str, number: int) -> str:
    return f"{file_id}:{number:04d}"


def retry_wait(tries: int) -> dt.timedelta | None:
    """The wait after so many attempts; None after the last one."""
    waits = (5, 30, 120, 600, 3600)
    return dt.timedelta(seconds=waits[tries - 1]) if tries <= len(waits) else None
