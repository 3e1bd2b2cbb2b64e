"""How many opportunities bear each legend (row S2), counted up to a limit by lean reads of their indexes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from services.chassis.counting import MOST_COUNTED
from services.chassis.storage.rows import Document, Rows
from services.sales.opportunities.model import CLOSED, INTERNAL, LEGENDS, OPEN, OVERDUE, TODAY, WORDS, legend_of
from services.sales.shared.pages import until

READ = ("status", "contact_date", "internal_contact_date")
NEWEST = [("created_at", -1), ("_id", -1)]
BY_DATE = [("contact_date", 1), ("_id", 1)]


def of_person(rows: Rows, person_id: str, today: dt.date, known: Mapping[str, Sequence[str]]) -> list[Document]:
    """Of a person's opportunities that are not archived; a read for open and for closed ones, unless the legends of
    all of them are `known` already, by status."""
    whose = {"person_id": person_id, "archived_at": None}
    counts, exact = Counter[str](), {}
    for status in (OPEN, CLOSED):
        bearing = known.get(status)
        if bearing is None:
            found = rows.find({**whose, "status": status}, NEWEST, MOST_COUNTED + 1, READ)
            bearing = [_legend(row, today) for row in found]
        exact[status] = len(bearing) <= MOST_COUNTED
        counts.update(bearing[:MOST_COUNTED])
    return [_counted(legend, counts[legend], exact[CLOSED if legend == CLOSED else OPEN]) for legend in LEGENDS]


def of_open_ones(rows: Rows, having: Mapping[str, Any], today: dt.date) -> list[Document]:
    """Of the open ones that pass a filter; three reads."""
    where = {"archived_at": None, "status": OPEN, **having}
    days = {OVERDUE: {"$lt": today.isoformat()}, TODAY: today.isoformat(), OPEN: {"$gte": until(today)}}
    asked = {legend: {**where, "contact_date": day} for legend, day in days.items()}
    found = {legend: rows.find(one, BY_DATE, MOST_COUNTED + 1, READ) for legend, one in asked.items()}
    exact = {legend: len(ones) <= MOST_COUNTED for legend, ones in found.items()}
    counts = Counter(_legend(row, today) for ones in found.values() for row in ones[:MOST_COUNTED])
    exact[INTERNAL] = exact[OPEN]
    return [_counted(legend, counts[legend], exact[legend]) for legend in LEGENDS if legend != CLOSED]


def bearing(legend: str, today: dt.date) -> Document:
    """The filter of those that bear a legend: what `legend_of` says, as the database compares."""
    if legend == CLOSED:
        return {"status": CLOSED}
    if legend in (OVERDUE, TODAY):
        return {"status": OPEN, "contact_date": {"$lt": today.isoformat()} if legend == OVERDUE else today.isoformat()}
    internal = {"$gt": ""} if legend == INTERNAL else {"$in": [None]}
    return {"status": OPEN, "contact_date": {"$gte": until(today)}, "internal_contact_date": internal}


def described(legends: Sequence[str]) -> list[Document]:
    """What the legends are called, and their colours."""
    return [{"legend": one, "word": WORDS[one].word, "colour": WORDS[one].colour} for one in legends]


def _counted(legend: str, count: int, exact: bool) -> Document:
    return {**described([legend])[0], "count": count, "exact": exact}


def _legend(row: Document, today: dt.date) -> str:
    return legend_of(row["status"], dt.date.fromisoformat(row["contact_date"]), row["internal_contact_date"], today)
