"""Opportunities, and the totals of their stages that follow every write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128

from services.chassis import counting
from services.chassis.errors import NotFound, NotReplicatedYet
from services.chassis.pages import after, day, moment, page
from services.chassis.storage.indexes import SET, Index
from services.chassis.storage.records import as_record, fields_of
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.opportunities import legends
from services.sales.opportunities.model import OPPORTUNITY_STATUSES, Opportunity
from services.sales.opportunities.totals import StageTotals
from services.sales.shared.pages import beyond, until

EVERY = "every"
# The types in cursors of the fields that lists are sorted by.
KINDS = {"contact_date": day, "active_at": moment}
COUNTED = 500
OF_PERSON_BY_DATE = [("person_id", 1), ("archived_at", 1), ("status", 1), ("contact_date", 1)]
# `facets`: the terms that lists filter by; each opportunity has EVERY, so that one index serves also without a filter.
INDEXES = (
    Index("opportunities", [("person_id", 1), ("archived_at", 1), ("status", 1), ("created_at", -1), ("_id", -1)]),
    Index("opportunities", [*OF_PERSON_BY_DATE, ("_id", 1), ("internal_contact_date", 1)]),
    Index("opportunities", [("attendance_id", 1)], unique=True),
    Index("opportunities", [("archived_at", -1), ("_id", -1)], only={"archived_at": SET}, name="archived"),
    Index("opportunities", [("archived_at", 1), ("stage_id", 1), ("facets", 1), ("contact_date", 1), ("_id", 1)]),
    Index("opportunities", [("archived_at", 1), ("status", 1), ("facets", 1), ("contact_date", 1), ("_id", 1)]),
    Index(
        "opportunities",
        [("archived_at", 1), ("status", 1), ("facets", 1), ("active_at", 1), ("_id", 1), ("contact_date", 1)],
    ),
    Index("opportunities", [("stage_id", 1), ("_id", 1)]),
    Index(
        "opportunities",
        [("status", 1), ("facets", 1), ("closed_at", 1), ("_id", 1)],
        only={"closed_at": SET},
        name="closed",
    ),
    Index("opportunities", [("facets", 1), ("created_at", 1), ("_id", 1)]),
)
DAYS = ("contact_date", "internal_contact_date")
# The fields that dashboards read.
ENDED = ("closed_at", "outcome", "lost_reason", "amount", "currency")
CREATED = ("created_at", "status", "outcome", "amount", "currency", "stage_id", "stage_before", "passed")


class Opportunities:
    """Remembers what it loaded, so that `save` and `delete` can tell the totals what changed."""

    def __init__(self, documents: TenantCollection, totals: StageTotals, awaits: bool = False) -> None:
        """`awaits`: the user sees an opportunity only once attendance has announced its conversation."""
        self._documents = documents
        self._totals = totals
        self._awaits = awaits
        self._loaded: dict[str, Document] = {}
        self._fetched: dict[str, Document] = {}

    def fetch(self, ids: Sequence[str]) -> None:
        """Reads many at once; the next `get` of each takes what was read."""
        found = self._documents.visible.find({"_id": {"$in": sorted(ids)}}, [("_id", 1)], len(ids))
        self._fetched = {document["_id"]: document for document in found}

    def get(self, opportunity_id: str) -> Opportunity:
        """The opportunity, if the user may see it.

        Raises NotFound("opportunity_not_found"), NotReplicatedYet with `awaits`.
        """
        found = self._fetched.pop(opportunity_id, None) or self._documents.visible.find_one({"_id": opportunity_id})
        if found is not None:
            return self._remembered(found)
        detail = "Contato de venda não encontrado."
        if self._awaits:
            raise NotReplicatedYet("opportunity_not_found", detail, awaited=opportunity_id)
        raise NotFound("opportunity_not_found", detail)

    def find(self, opportunity_id: str) -> Opportunity | None:
        found = self._documents.find_one({"_id": opportunity_id})
        return self._remembered(found) if found else None

    def of_conversation(self, attendance_id: str) -> Opportunity | None:
        found = self._documents.find_one({"attendance_id": attendance_id})
        return self._remembered(found) if found else None

    def add(self, opportunity: Opportunity) -> None:
        document = document_of(opportunity)
        self._documents.insert(document)
        self._totals.change(document, 1)
        self._loaded[opportunity.id] = document

    def save(self, opportunity: Opportunity) -> None:
        opportunity.version += 1
        document = document_of(opportunity)
        self._documents.replace(document, later=True)
        self._totals.change(self._loaded[opportunity.id], -1)
        self._totals.change(document, 1)
        self._loaded[opportunity.id] = document

    def delete(self, opportunity: Opportunity) -> None:
        self._documents.delete({"_id": opportunity.id})
        self._totals.change(self._loaded.pop(opportunity.id), -1)

    def any_lost_for(self, reason: str) -> bool:
        """Whether any opportunity, also an archived one, was lost for the reason."""
        return bool(self._documents.find({"facets": f"lost_reason:{reason}"}, [("created_at", 1), ("_id", 1)], 1))

    def any_in(self, stage_id: str) -> bool:
        """Whether any opportunity, also an archived one, is in the stage."""
        return bool(self._documents.find({"stage_id": stage_id}, [("_id", 1)], 1))

    def of_person(
        self, person_id: str, states: Sequence[str], limit: int, cursor: str | None, counted: bool = False
    ) -> Document:
        """A person's opportunities in any of the states (none given: in all), newest first."""
        where = {"person_id": person_id, "archived_at": None, "status": {"$in": [*(states or OPPORTUNITY_STATUSES)]}}
        found = self._documents.visible.find({**where, **after(cursor, "created_at")}, legends.NEWEST, limit + 1)
        shown = page(found, limit, "created_at", opportunity_of)
        return counting.with_count(shown, self._documents.visible, where, legends.NEWEST, asked=counted)

    def of_person_bearing(
        self, person_id: str, legend: str, today: dt.date, limit: int, cursor: str | None, counted: bool
    ) -> Document:
        """A person's opportunities with a legend, by contact date, ascending."""
        where = {"person_id": person_id, **legends.filter_of(legend, today)}
        shown = self._by("contact_date", where, 1, limit, cursor)
        whole = {"archived_at": None, **where}
        return counting.with_count(shown, self._documents.visible, whole, legends.BY_DATE, asked=counted)

    def legends_of_person(self, person_id: str, today: dt.date, known: Mapping[str, Sequence[str]]) -> list[Document]:
        """The numbers of a person's opportunities by legend; `known` as in legends.of_person."""
        return legends.of_person(self._documents.visible, person_id, today, known)

    def legends(self, facets: Sequence[str], today: dt.date) -> list[Document]:
        """The numbers by legend of the open opportunities that have all facets."""
        return legends.of_open(self._documents.visible, _having(facets), today)

    def in_stage(self, stage_id: str, facets: Sequence[str], way: int, limit: int, cursor: str | None) -> Document:
        """By contact date, ascending (1) or descending (-1)."""
        return self._by("contact_date", {"stage_id": stage_id, **_having(facets)}, way, limit, cursor)

    def with_status(self, status: str, facets: Sequence[str], way: int, limit: int, cursor: str | None) -> Document:
        return self._by("contact_date", {"status": status, **_having(facets)}, way, limit, cursor)

    def due(
        self, on: dt.date, overdue: bool, facets: Sequence[str], limit: int, cursor: str | None, *, counted: bool
    ) -> Document:
        """Open opportunities to contact on the day, with `overdue` also before it; the longest overdue first."""
        due: Any = {"$lt": until(on)} if overdue else on.isoformat()
        where = {"status": "open", **_having(facets), "contact_date": due}
        shown = self._by("contact_date", where, 1, limit, cursor)
        whole = {"archived_at": None, **where}
        return counting.with_count(shown, self._documents.visible, whole, legends.BY_DATE, asked=counted)

    def idle(
        self, active_before: dt.datetime, today: dt.date, facets: Sequence[str], limit: int, cursor: str | None
    ) -> Document:
        """Open opportunities last active before a moment and without a planned contact; the longest idle first."""
        where = {"status": "open", **_having(facets)}
        where |= {"active_at": {"$lt": active_before}, "contact_date": {"$lt": today.isoformat()}}
        return self._by("active_at", where, 1, limit, cursor)

    def archived(self, limit: int, cursor: str | None) -> Document:
        """The last archived first."""
        where = {"archived_at": SET, **after(cursor, "archived_at")}
        found = self._documents.visible.find(where, [("archived_at", -1), ("_id", -1)], limit + 1)
        return page(found, limit, "archived_at", opportunity_of)

    def counted(self, stage_id: str, facets: Sequence[str]) -> tuple[list[Opportunity], bool]:
        """The first 500 of a stage that pass a filter, and whether those are all."""
        found = self.in_stage(stage_id, facets, 1, COUNTED, None)
        return found["items"], found["next_cursor"] is None

    def closed_in(self, period: Document, responsible_id: str | None, limit: int) -> list[Document]:
        """The fields ENDED of opportunities closed in a period, archived ones too; the earliest first."""
        where = {"status": "closed", **_of_user(responsible_id), **period}
        return self._documents.visible.find(where, [("closed_at", 1), ("_id", 1)], limit, ENDED)

    def created_in(self, period: Document, responsible_id: str | None, limit: int) -> list[Document]:
        """The fields CREATED of opportunities created in a period, archived ones too; the earliest first."""
        where = {**_of_user(responsible_id), **period}
        return self._documents.visible.find(where, [("created_at", 1), ("_id", 1)], limit, CREATED)

    def _by(self, first: str, where: Document, way: int, limit: int, cursor: str | None) -> Document:
        asked = {"archived_at": None, **where, **beyond(cursor, first, way, KINDS[first])}
        found = self._documents.visible.find(asked, [(first, way), ("_id", way)], limit + 1)
        return page(found, limit, first, opportunity_of)

    def _remembered(self, found: Document) -> Opportunity:
        self._loaded[found["_id"]] = found
        return opportunity_of(found)


def facets_of(opportunity: Opportunity) -> list[str]:
    """The terms that lists filter by."""
    markers = [f"marker:{marker}" for marker in opportunity.markers]
    closing = {"outcome": opportunity.outcome, "lost_reason": opportunity.lost_reason}
    closed = [f"{name}:{value}" for name, value in closing.items() if value]
    return [
        *markers,
        *closed,
        f"responsible:{opportunity.responsible_id}",
        f"customer:{opportunity.customer_status}",
        EVERY,
    ]


def _of_user(responsible_id: str | None) -> Document:
    return _having([f"responsible:{responsible_id}"] if responsible_id else [])


def _having(facets: Sequence[str]) -> Document:
    """The filter of all facets, the most selective first: the engine reads an index by one and checks the others."""
    return {"facets": {"$all": list(facets)} if len(facets) > 1 else (*facets, EVERY)[0]}


def document_of(opportunity: Opportunity) -> Document:
    fields = fields_of(opportunity)
    for name in DAYS:
        fields[name] = None if fields[name] is None else fields[name].isoformat()
    fields["amount"] = None if opportunity.amount is None else Decimal128(opportunity.amount)
    if not opportunity.passed:  # the previous version does not know this field
        del fields["passed"]
    derived = {"facets": facets_of(opportunity), "active_at": opportunity.active_at}
    return {"_id": fields.pop("id"), **fields, **derived}


def opportunity_of(found: Document) -> Opportunity:
    days = {name: found[name] and dt.date.fromisoformat(found[name]) for name in DAYS}
    amount: Decimal128 | None = found["amount"]
    return as_record(found, Opportunity, amount=None if amount is None else Decimal(amount.to_decimal()), **days)
