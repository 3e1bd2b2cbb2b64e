"""Queries of attendances by person and facets: by opening (rows A16, A17) and by due date (row A18).

The person, where one is named, and then `facets` are the first fields of the indexes. Of several facets the first is
usually the most selective.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from operator import itemgetter
from typing import Any

from services.attendance.attendances.listing import ANY
from services.attendance.attendances.model.attendance import ACTIVE, ARCHIVED, OPEN, Attendance
from services.attendance.attendances.repository import attendance_of
from services.chassis import counting
from services.chassis.pages import after, beyond, cursor_of, moment, page, read_cursor, word
from services.chassis.storage.indexes import EARLIEST
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection

# Kinds of facets, the usually most selective one first.
KINDS = ("user", "center")
# The fields that dashboards read.
AGED = ("center_id", "opened_at", "due_at")
NEWEST = [("opened_at", -1), ("_id", -1)]
FIRST_DAY = "1900-01-01"


@dataclass(frozen=True)
class AttendanceFilter:
    """The filters of a query. `named`: ids by kind (KINDS or "person"); `types`: ids of types, None for all.

    `since` <= opened < `until` (UTC). Each combination of a type, a status and a filing is one read of an index.
    """

    status: tuple[str, ...]
    filed: tuple[str, ...] = (ACTIVE,)
    named: dict[str, str] = field(default_factory=dict)
    types: list[str] | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def filters(self) -> list[Document]:
        """The database filters, one for each read."""
        keys = [f"{kind}:{self.named[kind]}" for kind in KINDS if kind in self.named]
        by_type = [keys] if self.types is None else [[*keys, f"type:{one}"] for one in self.types]
        return [self._where(*values) for values in product(by_type, self.filed, self.status)]

    def _where(self, facets: list[str], filed: str, status: str) -> Document:
        period = {"$gte": self.since, "$lt": self.until}
        bounds = {operator: moment for operator, moment in period.items() if moment is not None}
        wanted: Any = {"$all": facets} if len(facets) > 1 else (facets or [ANY])[0]
        opened = {"opened_at": bounds} if bounds else {}
        return {
            **of_person(self.named.get("person")),
            "facets": wanted,
            "filed": filed,
            "status": status,
            **opened,
        }


def of_person(person_id: str | None) -> Document:
    return {"person_id": person_id} if person_id else {}


class AttendanceQueries:
    def __init__(self, documents: TenantCollection, visible: Callable[[Attendance], Attendance | None]) -> None:
        self._documents = documents
        self._visible = visible

    def opened(
        self, wanted: AttendanceFilter, limit: int, cursor: str | None, *, counted: bool = False
    ) -> dict[str, Any]:
        """A page, newest first, without attendances that the user may not see."""
        beyond_cursor: Document = {}
        if cursor is not None:
            opened_at, record_id = read_cursor(cursor, moment, word)
            beyond_cursor = beyond("opened_at", opened_at, record_id, descending=True)
        seen, filters = self._documents.visible, wanted.filters()
        reads = [seen.find({**where, **beyond_cursor}, NEWEST, limit + 1) for where in filters]
        found = [row for rows in reads for row in rows]
        found.sort(key=itemgetter("opened_at", "_id"), reverse=True)
        items, more = found[:limit], len(found) > limit
        following = cursor_of(items[-1]["opened_at"], items[-1]["_id"]) if more else None
        shown = {"items": self._visible_only(items), "next_cursor": following}
        return counting.with_count_of_several(shown, seen, filters, NEWEST, asked=counted)

    def of_one_person(
        self, person_id: str, states: Sequence[str], limit: int, cursor: str | None, *, counted: bool = False
    ) -> dict[str, Any]:
        """A page of a person's attendances that are not in the trash, newest first, in any of the states
        (none named: in all); one read."""
        status = {"status": states[0]} if len(states) == 1 else {}
        where: Document = {"person_id": person_id, **status, "filed": {"$in": [ACTIVE, ARCHIVED]}}
        found = self._documents.visible.find({**where, **after(cursor, "opened_at")}, NEWEST, limit + 1)
        shown = {**page(found, limit, "opened_at", dict), "items": self._visible_only(found[:limit])}
        return counting.with_count(shown, self._documents.visible, where, NEWEST, asked=counted)

    def latest_open(self, person_id: str) -> Attendance | None:
        """The person's open, active attendance that was opened last, whoever may see it."""
        where = {"person_id": person_id, "status": OPEN, "filed": ACTIVE}
        found = self._documents.find(where, NEWEST, 1)
        return attendance_of(found[0]) if found else None

    def of_reference(self, reference: int, filed: Sequence[str]) -> list[Attendance]:
        """The attendance with this reference, if the user may see it and it is in one of the filings."""
        where = {"reference": reference, "filed": {"$in": [*filed]}}
        return self._visible_only(self._documents.visible.find(where, [("_id", 1)], 1))

    def oldest_open(self, facet: str, limit: int) -> list[Document]:
        """The fields AGED of open, active attendances with a facet (of a user, or ANY); the oldest first."""
        where = {"facets": facet, "filed": ACTIVE, "status": OPEN}
        return self._documents.visible.find(where, [("opened_at", 1), ("_id", 1)], limit, AGED)

    def due(
        self,
        concerning: Document,
        window: tuple[dt.datetime | None, dt.datetime],
        place: tuple[Any, str] | None,
        limit: int,
    ) -> tuple[list[Attendance], tuple[Any, str] | None]:
        """Open, active attendances due in `window` (UTC, inclusive), earliest first, after `place` (a due date, an id).

        Gives also the place to go on after, None at the end. `concerning`: the filter of facets, and maybe a person.
        """
        since, until = window
        wanted = {"due_at": {"$gte": since or EARLIEST, "$lte": until}}
        return self._earliest("due_at", {**concerning, **wanted}, place, limit)

    def to_contact(
        self, concerning: Document, days: tuple[dt.date | None, dt.date], place: tuple[Any, str] | None, limit: int
    ) -> tuple[list[Attendance], tuple[Any, str] | None]:
        """As `due`, for attendances without a due date whose next contact is on one of `days` (inclusive)."""
        since, last = days
        ends = (last + dt.timedelta(days=1)).isoformat()
        wanted = {"due_at": None, "contact_date": {"$gte": since.isoformat() if since else FIRST_DAY, "$lt": ends}}
        return self._earliest("contact_date", {**concerning, **wanted}, place, limit)

    def _earliest(
        self, by: str, wanted: Document, place: tuple[Any, str] | None, limit: int
    ) -> tuple[list[Attendance], tuple[Any, str] | None]:
        beyond_place = beyond(by, *place, descending=False) if place else {}
        where = {**wanted, "filed": ACTIVE, "status": OPEN, **beyond_place}
        found = self._documents.visible.find(where, [(by, 1), ("_id", 1)], limit)
        following = (found[-1][by], found[-1]["_id"]) if len(found) == limit else None
        return self._visible_only(found), following

    def _visible_only(self, rows: list[Document]) -> list[Attendance]:
        return [attendance for attendance in map(self._visible, map(attendance_of, rows)) if attendance]
