"""Counting opportunities by legend (row S2), up to a limit, by reads that their indexes cover."""

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
    """The counts of a person's opportunities that are not archived.

    One read each for open and closed ones, except where `known` has the legends of all those of a status.
    """
    whose = {"person_id": person_id, "archived_at": None}
    counts, exact = Counter[str](), {}
    for status in (OPEN, CLOSED):
        filter_of = known.get(status)
        if filter_of is None:
            found = rows.find({**whose, "status": status}, NEWEST, MOST_COUNTED + 1, READ)
            filter_of = [_legend(row, today) for row in found]
        exact[status] = len(filter_of) <= MOST_COUNTED
        counts.update(filter_of[:MOST_COUNTED])
    return [_count_of(legend, counts[legend], exact[CLOSED if legend == CLOSED else OPEN]) for legend in LEGENDS]


def of_open(rows: Rows, having: Mapping[str, Any], today: dt.date) -> list[Document]:
    """The counts of open opportunities that pass the filter `having`; three reads."""
    where = {"archived_at": None, "status": OPEN, **having}
    days = {OVERDUE: {"$lt": today.isoformat()}, TODAY: today.isoformat(), OPEN: {"$gte": until(today)}}
    asked = {legend: {**where, "contact_date": day} for legend, day in days.items()}
    found = {legend: rows.find(one, BY_DATE, MOST_COUNTED + 1, READ) for legend, one in asked.items()}
    exact = {legend: len(ones) <= MOST_COUNTED for legend, ones in found.items()}
    counts = Counter(_legend(row, today) for ones in found.values() for row in ones[:MOST_COUNTED])
    exact[INTERNAL] = exact[OPEN]
    return [_count_of(legend, counts[legend], exact[legend]) for legend in LEGENDS if legend != CLOSED]


def filter_of(legend: str, today: dt.date) -> Document:
    """The database filter for a legend; it agrees with model.legend_of."""
    if legend == CLOSED:
        return {"status": CLOSED}
    if legend in (OVERDUE, TODAY):
        return {"status": OPEN, "contact_date": {"$lt": today.isoformat()} if legend == OVERDUE else today.isoformat()}
    internal = {"$gt": ""} if legend == INTERNAL else {"$in": [None]}
    return {"status": OPEN, "contact_date": {"$gte": until(today)}, "internal_contact_date": internal}


def describe(legends: Sequence[str]) -> list[Document]:
    """Legends with their names and colours."""
    return [{"legend": one, "word": WORDS[one].word, "colour": WORDS[one].colour} for one in legends]


def _count_of(legend: str, count: int, exact: bool) -> Document:
    return {**describe([legend])[0], "count": count, "exact": exact}


def _legend(row: Document, today: dt.date) -> str:
    return legend_of(row["status"], dt.date.fromisoformat(row["contact_date"]), row["internal_contact_date"], today)
