"""Attendances and their entries in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.attendance.attendances import listing
from services.attendance.attendances.model.attendance import ACTIVE, ARCHIVED, OPEN, TRASHED, Attendance, Entry
from services.attendance.filing.model import FILINGS
from services.attendance.flows.model import Flow
from services.chassis.errors import ConcurrentUpdate, NotFound
from services.chassis.pages import after, page, whole
from services.chassis.storage.indexes import FILLED, Index
from services.chassis.storage.records import as_record, fields_of
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection

PURGED = "purged_attendances"
LATEST = [("last_entry_at", -1), ("_id", -1)]
INDEXES = (
    Index("attendances", [("person_id", 1), ("filed", 1), ("opened_at", -1), ("_id", -1)]),
    Index("attendances", [("person_id", 1), ("filed", 1), *LATEST]),
    Index("attendances", [("person_id", 1), ("status", 1), ("filed", 1), ("opened_at", -1), ("_id", -1)]),
    Index(
        "attendances",
        [("workflow_id", 1), ("status", 1), ("item_id", 1), ("reference", 1)],
        only={"workflow_id": FILLED},
        name="of_workflow",
    ),
    Index("attendances", [("reference", 1), ("filed", 1), ("_id", 1)]),
    Index("attendances", [("cycle_id", 1)], only={"cycle_id": FILLED}, name="of_cycle"),
    *listing.INDEXES,
    Index("entries", [("attendance_id", 1), ("number", -1), ("_id", -1)]),
    Index("entries", [("attendance_id", 1), ("recorded_at", -1), ("_id", -1)]),
    Index("entries", [("attendance_id", 1), ("standard", 1), ("number", -1), ("_id", -1)]),
    Index(PURGED, [("_id", 1)]),
)
# Fields that the previous version does not know: stored only where they are set.
NEW = ("subject_product", "subject_product_id")
DAYS = ("contact_date", "internal_contact_date")
# The most attendances that a dry run of publishing counts at each place of a graph.
STRANDED_LIMIT = 500


class Attendances:
    """`flow` gives a flow if the user may see it, else None; `get` and `visible` hide attendances of other flows."""

    def __init__(
        self,
        documents: TenantCollection,
        numbers: TenantCollection,
        purged: TenantCollection,
        flow: Callable[[str], Flow | None],
        zone: Callable[[], dt.tzinfo],
    ) -> None:
        self._documents = documents
        self._numbers = numbers
        self._purged = purged
        self._flow = flow
        self._zone = zone

    def next_reference(self) -> int:
        return self._numbers.take_numbers("attendance_reference")[0]

    def has(self, attendance_id: str) -> bool:
        return self._documents.find_one({"_id": attendance_id}) is not None

    def find(self, attendance_id: str) -> Attendance | None:
        """The attendance, whether or not the user may see it: for events, and for opening with a deduplication key."""
        document = self._documents.find_one({"_id": attendance_id})
        return attendance_of(document) if document else None

    def trashed_among(self, attendance_ids: Collection[str]) -> set[str]:
        """The ids of those that are in the trash."""
        where, ids = {"_id": {"$in": sorted(attendance_ids)}}, [("_id", 1)]
        found = self._documents.find(where, ids, len(attendance_ids), ["filed"]) if attendance_ids else []
        return {one["_id"] for one in found if one["filed"] == TRASHED}

    def get(self, attendance_id: str) -> Attendance:
        """The attendance; raises NotFound("attendance_not_found"), also if the user may not see it."""
        document = self._documents.visible.find_one({"_id": attendance_id})
        attendance = self.visible(attendance_of(document)) if document else None
        if attendance is None:
            raise NotFound("attendance_not_found", "Atendimento não encontrado.")
        return attendance

    def visible(self, attendance: Attendance) -> Attendance | None:
        """The attendance without deleted tags; None if it is in a flow that the user may not see."""
        if attendance.flow_id is None:
            return attendance
        flow = self._flow(attendance.flow_id)
        if flow is None:
            return None
        attendance.tags = [tag.id for tag in flow.board.living(attendance.tags)]
        return attendance

    def add(self, attendance: Attendance) -> None:
        """Raises ConcurrentUpdate if another transaction has just added one with this id: the retry finds it."""
        try:
            self._documents.insert(self._document(attendance))
        except DuplicateKeyError as error:
            raise ConcurrentUpdate(
                "attendance_exists", "O atendimento acabou de ser aberto por outra pessoa."
            ) from error

    def save(self, attendance: Attendance) -> None:
        attendance.version += 1
        self._documents.replace(self._document(attendance), later=True)

    def delete(self, attendance: Attendance) -> None:
        """Keeps its id, and nothing else of it: late events about it must neither wait for it nor open it again."""
        self._documents.delete({"_id": attendance.id})
        self._purged.put({"_id": attendance.id})

    def is_purged(self, attendance_id: str) -> bool:
        """Whether there was an attendance of this id that is deleted for good."""
        return self._purged.find_one({"_id": attendance_id}) is not None

    def all_of_person(self, person_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page of the person's attendances, newest first, in all flows and filings, whoever may see them."""
        where = {"person_id": person_id, **after(cursor, "opened_at")}
        found = self._documents.find(where, [("opened_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "opened_at", attendance_of)

    def last_contact(self, person_id: str) -> dt.datetime | None:
        """The time (UTC) of the newest entry in the person's attendances that the user sees, but for the trash."""
        where = {"person_id": person_id, "filed": {"$in": [ACTIVE, ARCHIVED]}}
        found = self._documents.visible.find(where, LATEST, 1, ["last_entry_at"])
        last: dt.datetime | None = found[0]["last_entry_at"] if found else None
        return last

    def any_open_in_center(self, center_id: str) -> bool:
        """Whether an open attendance is in the center."""
        where = {"facets": f"center:{center_id}", "filed": {"$in": list(FILINGS)}, "status": OPEN}
        return bool(self._documents.find(where, [], 1, ()))

    def any_of_type(self, type_id: str) -> bool:
        return bool(self._documents.find({"facets": f"type:{type_id}"}, [], 1, ()))

    def any_of_cycle(self, cycle_id: str) -> bool:
        return self._documents.find_one({"cycle_id": cycle_id}) is not None

    def standing_at(self, workflow_id: str, item_id: str | None) -> list[Attendance]:
        """Open attendances at an item (None: outside the graph) that the user may see; at most STRANDED_LIMIT."""
        where = {"workflow_id": workflow_id, "status": OPEN, "item_id": item_id}
        documents = self._documents.visible.find(where, [("reference", 1)], STRANDED_LIMIT)
        return [attendance_of(document) for document in documents]

    def _document(self, attendance: Attendance) -> Document:
        return document_of(attendance, self._zone)


class Entries:
    """The timeline of an attendance; entries are never changed."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, entry: Entry) -> None:
        self._documents.insert(_document(entry), later=True)

    def delete_all(self, attendance_id: str) -> int:
        return self._documents.delete_many({"attendance_id": attendance_id})

    def first(self, attendance_id: str) -> Entry | None:
        found = self._documents.find({"attendance_id": attendance_id}, [("number", 1), ("_id", 1)], 1)
        return _entry(found[0]) if found else None

    def of_attendance(
        self, attendance_id: str, limit: int, cursor: str | None, standard: bool = False
    ) -> dict[str, Any]:
        """Newest first; `standard`: only those made with a standard text."""
        only = {"standard": True} if standard else {}
        where = {"attendance_id": attendance_id, **only, **after(cursor, "number", whole)}
        found = self._documents.find(where, [("number", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "number", _entry)

    def in_time(self, attendance_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """Latest first by `recorded_at`."""
        where = {"attendance_id": attendance_id, **after(cursor, "recorded_at")}
        found = self._documents.find(where, [("recorded_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "recorded_at", _entry)


def _document(record: Attendance | Entry) -> Document:
    """The stored fields. The database has no type for dates: they are ISO texts, which sort in the same order."""
    fields = fields_of(record)
    for name in DAYS:
        if isinstance(fields.get(name), dt.date):
            fields[name] = fields[name].isoformat()
    return {"_id": fields.pop("id"), **fields}


def document_of(attendance: Attendance, zone: Callable[[], dt.tzinfo]) -> Document:
    """The document of an attendance, without the company."""
    fields = {name: value for name, value in _document(attendance).items() if name not in NEW or value is not None}
    return listing.stored(attendance, fields, zone)


def attendance_of(found: Document) -> Attendance:
    fields = listing.plain(found)
    for name in DAYS:
        if fields.get(name):
            fields[name] = dt.date.fromisoformat(fields[name])
    return as_record(fields, Attendance, id=found["_id"])


def _entry(found: Document) -> Entry:
    return as_record(found, Entry)
