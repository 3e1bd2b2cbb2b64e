"""Derived fields of an attendance's document, by which indexes serve every list.

`labels`: "*" and the tags, the prefix of one index a column; `keys`: the terms by which the search finds it;
`facets`: users, center and type, by which the queries of rows A16 and A18 filter.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from services.attendance.attendances.model.attendance import Attendance
from services.attendance.attendances.model.quotes import SeenQuote, hundredths
from services.attendance.shared.words import MAX_PREFIX, SORTED_LENGTH, prefixes, words
from services.chassis.errors import Invalid
from services.chassis.pages import Kind, moment, whole, word
from services.chassis.storage.indexes import FILLED, SET, Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.texts import fold_name

ANY = "*"
# For each column, the field that it is sorted by, and the type of that field in a cursor.
SORTS: dict[str, tuple[str, Kind]] = {
    "state": ("status", word),
    "reference": ("reference", whole),
    "subject": ("title_key", word),
    "contact_name": ("contact_key", word),
    "value": ("value_key", whole),
    "updated_at": ("updated_at", moment),
    "created_at": ("opened_at", moment),
}
DERIVED = ("labels", "keys", "facets", "title_key", "contact_key", "value_key", "updated_at")
IN_A_FLOW = {"flow_id": FILLED}
DUE = (("facets", 1), ("filed", 1), ("status", 1), ("due_at", 1))
CONTACT = (("contact_date", 1), ("_id", 1))
# Partial indexes: few attendances have a due date, or a day of the next contact.
DATED, TO_CONTACT = {"due_at": SET}, {"contact_date": FILLED}

INDEXES = (
    *(
        Index("attendances", [("flow_id", 1), ("filed", 1), ("labels", 1), (field, 1), ("_id", 1)], only=IN_A_FLOW)
        for field, _ in SORTS.values()
    ),
    Index("attendances", [("flow_id", 1), ("filed", 1), ("keys", 1), ("updated_at", 1), ("_id", 1)], only=IN_A_FLOW),
    Index("attendances", [("facets", 1), ("filed", 1), ("status", 1), ("opened_at", 1), ("_id", 1)]),
    Index("attendances", [("person_id", 1), ("facets", 1), ("filed", 1), ("status", 1), ("opened_at", 1), ("_id", 1)]),
    Index("attendances", [*DUE, ("_id", 1)], only=DATED, name="due"),
    Index("attendances", [("person_id", 1), *DUE, ("_id", 1)], only=DATED, name="of_person_due"),
    Index("attendances", [*DUE, *CONTACT], only=TO_CONTACT, name="to_contact"),
    Index("attendances", [("person_id", 1), *DUE, *CONTACT], only=TO_CONTACT, name="of_person_to_contact"),
)


def stored(attendance: Attendance, fields: Document, zone: Callable[[], dt.tzinfo]) -> Document:
    """The document of an attendance: `fields` as they are stored, and the derived fields; `zone`: the company's."""
    search = _search_fields(attendance, zone) if attendance.flow_id else {"labels": [], "keys": []}
    return {
        **fields,
        **search,
        "facets": facets(attendance),
        "title_key": fold_name(attendance.title)[:SORTED_LENGTH],
        "contact_key": fold_name(attendance.contact_name)[:SORTED_LENGTH],
        "value_key": hundredths(attendance.value),
        "updated_at": attendance.updated_at,
    }


def plain(found: Document) -> Document:
    """The fields of the attendance in a document, without derived fields."""
    fields = {k: v for k, v in found.items() if k not in ("_id", "company", *DERIVED)}
    return {**fields, "quotes": [as_record(quote, SeenQuote) for quote in fields.get("quotes", [])]}


def facets(attendance: Attendance) -> list[str]:
    """Terms for the users, center and type of an attendance. The person is a field of its own, which merges change."""
    references = {"center": attendance.center_id, "type": attendance.type_id}
    users = {f"user:{user}" for user in (attendance.opened_by, attendance.next_user_id) if user}
    return [ANY, *(f"{kind}:{value}" for kind, value in references.items() if value), *sorted(users)]


def wanted_keys(q: str) -> list[str]:
    """The keys that a result must have: dates (24/11/2026, 24/11/26, 2026-11-24), #reference, prefixes of words."""
    keys = []
    for part in q.split():
        day = _day(part)
        if day:
            keys.append(f"@{day.isoformat()}")
        elif re.fullmatch(r"#\d{1,12}", part):
            keys.append(f"#{int(part[1:])}")
        else:
            keys += [word[:MAX_PREFIX] for word in words(part)]
    long = [key for key in keys if len(key) > 1]
    return list(dict.fromkeys(long or keys))[:20]


def tag_key(tag_id: str) -> str:
    return f"tag:{tag_id}"


def sort_of(column: str) -> tuple[str, Kind]:
    """The field that a column is sorted by, and the type of its values; raises Invalid("sort_unknown")."""
    if column not in SORTS:
        detail = f"Ordene por uma destas colunas: {', '.join(SORTS)}."
        raise Invalid("sort_unknown", detail, fields={"sort": [detail]})
    return SORTS[column]


def _search_fields(attendance: Attendance, zone: Callable[[], dt.tzinfo]) -> Document:
    days = {moment.astimezone(zone()).date().isoformat() for moment in (attendance.opened_at, attendance.updated_at)}
    keys = prefixes(f"{attendance.title} {attendance.contact_name}")
    keys |= {f"#{attendance.reference}", str(attendance.reference), *(f"@{day}" for day in days)}
    keys |= {tag_key(tag) for tag in attendance.tags}
    return {"labels": [ANY, *attendance.tags], "keys": sorted(keys)}


def _day(text: str) -> dt.date | None:
    for form in ("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d"):
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return None
