"""Row-level visibility: a company's rows as one user sees them (access/visibility.py). A hidden row is not found, and
takes no place in a page.

A repository reads `rows.visible` for what a user reads or names, and `rows` for the system's own work. The facts that
decide are read from this service's replicas each time, so a withdrawn right has effect at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.chassis.access.visibility import ATTENDANCE_TYPE, CATEGORY, FLOW, AttendanceFacts, Sight
from services.chassis.personal_data.inventory import Holding
from services.chassis.replicas import persons
from services.chassis.replicas.redirect_cache import RedirectCache
from services.chassis.replicas.redirects import FollowingTenant
from services.chassis.replicas.replica import Replicas
from services.chassis.storage.rows import Document, Fields, Keys, Rows
from services.chassis.storage.tenant import Tenant, TenantCollection

PERSONS, ATTENDANCES, FLOWS = persons.COLLECTION, "attendances", "flows"
# The most rows of a batch. The first batch has the size of the page; where rows are hidden, the next ones are larger.
LARGEST_BATCH = 1_000


@dataclass(frozen=True)
class VisibilityRule:
    """By which fields the rows of `collection` name their person and their attendance (None: they have none).

    "_id": the row itself is the person, or the attendance. `always`: every row has an attendance; a row that names none
    is older than that field, and counts as one whose attendance is not known.
    """

    collection: str
    person: str | None = "person_id"
    attendance: str | None = None
    always: bool = False

    @property
    def deciding(self) -> list[str]:
        """The fields of a row that are read to decide whether a user sees it."""
        own = ("categories",) if self.person == "_id" else ("type_id", "flow_id") if self.attendance == "_id" else ()
        return [name for name in (self.person, self.attendance, *own) if name]


class RowVisibility:
    """Which rows of one company one user sees; each fact is read once a session."""

    def __init__(self, sight: Sight, tenant: Tenant) -> None:
        self._sight, self._tenant = sight, tenant
        self._known: dict[str, dict[str, Document]] = {PERSONS: {}, ATTENDANCES: {}, FLOWS: {}}

    def visible(self, rows: Sequence[Document], rule: VisibilityRule) -> list[Document]:
        """The rows that the user sees, in their order; it costs three reads at most."""
        if rule.person is not None and self._sight.narrowed(CATEGORY):
            persons = self._referenced(PERSONS, rule.person, rows)
            rows = [row for row in rows if self._sees_person(row.get(rule.person), persons)]
        if rule.attendance is None:
            return list(rows)
        attendances = self._referenced(ATTENDANCES, rule.attendance, rows)
        flows = self._read(FLOWS, {row["flow_id"] for row in attendances.values() if row.get("flow_id")})
        return [row for row in rows if self._sees(row.get(rule.attendance), attendances, flows, rule.always)]

    def _sees_person(self, person_id: str | None, persons: Mapping[str, Document]) -> bool:
        """Whether the user sees the row's person; a row of no person is hidden from nobody."""
        return not person_id or self._sight.person(persons.get(person_id, {}).get("categories"))

    def _sees(
        self,
        attendance_id: str | None,
        attendances: Mapping[str, Document],
        flows: Mapping[str, Document],
        always: bool,
    ) -> bool:
        """Whether the user sees the row's attendance; a row of no attendance is hidden from nobody."""
        if attendance_id is None and not always:
            return True
        known = attendances.get(attendance_id or "", {})
        return self._sight.attendance(_facts(known, flows.get(known.get("flow_id") or "", {})))

    def _referenced(self, name: str, field: str, rows: Iterable[Document]) -> dict[str, Document]:
        """By id, the records of collection `name` that the rows refer to in `field`; for "_id", the rows themselves."""
        if field == "_id":
            return {row["_id"]: row for row in rows}
        return self._read(name, {row[field] for row in rows if row.get(field)})

    def _read(self, name: str, ids: Collection[str]) -> dict[str, Document]:
        known = self._known[name]
        missing = sorted(set(ids) - known.keys())
        if missing:
            found = self._tenant.collection(name).find({"_id": {"$in": missing}}, [("_id", 1)], len(missing))
            known.update({row["_id"]: row for row in found})
        return known


class VisibleRows:
    """Reads the rows of a collection that a user sees."""

    def __init__(self, rows: Rows, visibility: RowVisibility, rule: VisibilityRule) -> None:
        self._rows, self._visibility, self._rule = rows, visibility, rule

    def find_one(self, where: Mapping[str, Any]) -> Document | None:
        found = self._rows.find_one(where)
        return found if found and self._visibility.visible([found], self._rule) else None

    def find(self, where: Mapping[str, Any], sort: Keys, limit: int, fields: Fields = None) -> list[Document]:
        """At most `limit` visible rows, read in batches of which each is twice as large as the one before.

        An "$or" in `where` must be the page's cursor in this very order: the next batches replace it by their own.
        """
        if fields is not None:
            fields = [*fields, *self._rule.deciding, *(name for name, _ in sort)]
        found: list[Document] = []
        size = limit
        while True:
            batch = self._rows.find(where, sort, size, fields)
            found += self._visibility.visible(batch, self._rule)
            if len(found) >= limit or len(batch) < size:
                return found[:limit]
            where, size = {**where, "$or": _after(batch[-1], sort)}, min(2 * size, LARGEST_BATCH)


class VisibilityTenant(FollowingTenant):
    """A company's view whose collections give, as `visible`, the rows that the user sees by `visibility_rules`."""

    def __init__(
        self,
        plain: Tenant,
        inventory: Sequence[Holding],
        visibility_rules: Sequence[VisibilityRule],
        sight: Sight,
        pointers: RedirectCache | None = None,
    ) -> None:
        super().__init__(plain, inventory, pointers)
        self._visibility = RowVisibility(sight, plain)
        self._rules = {rule.collection: rule for rule in visibility_rules}

    def collection(self, name: str) -> TenantCollection:
        rows, rule = super().collection(name), self._rules.get(name)
        if rule is not None:
            rows.visible_rows = VisibleRows(rows, self._visibility, rule)
        return rows


@dataclass(frozen=True)
class AttendanceFiling:
    """The type and flow of an attendance as an event tells them: `data` as AttendanceReplicas takes it."""

    attendance_id: str
    sequence: int
    data: Mapping[str, Any]


class AttendanceReplicas(Replicas):
    """Replicas of attendances with the facts that decide who sees them, and of their flows.

    The events of attendance have `type_id` and `flow` (Filed in its contract). Both replicas are stored by version:
    events may come twice, late, or in another order.
    """

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(tenant.collection(ATTENDANCES), "attendance", "Atendimento não encontrado.")
        self._flows = Replicas(tenant.collection(FLOWS), "flow", "Fluxo não encontrado.")

    def put_from_event(self, attendance_id: str, sequence: int, data: Mapping[str, Any], **fields: Any) -> None:
        """For a subscriber with `once=False`. Stores the flow first: without its users nobody sees the attendance."""
        flow = data["flow"]
        if flow is not None:
            self.put_flow(flow["flow_id"], flow["version"], flow["users"])
        self.put(attendance_id, sequence, **_deciding_fields(data), **fields)

    def put_flow(self, flow_id: str, version: int, users: Sequence[str]) -> None:
        self._flows.put(flow_id, version, users=list(users))

    def facts(self, attendance_id: str) -> AttendanceFacts | None:
        """The facts that decide who sees the attendance; None where it is not known here."""
        return self.facts_of([attendance_id])[attendance_id]

    def facts_of(
        self, attendance_ids: Collection[str], filings: Sequence[AttendanceFiling] = ()
    ) -> dict[str, AttendanceFacts | None]:
        """`facts` of several attendances, in two reads. A filing that is newer than the replica replaces it, and is
        stored only where the facts change: for events that come often and tell the same.
        """
        ids = {*attendance_ids, *(filing.attendance_id for filing in filings)}
        known = {row["_id"]: row for row in self.find_many(sorted(ids))}
        flow_ids = {row["flow_id"] for row in known.values() if row.get("flow_id")}
        flow_ids |= {filing.data["flow"]["flow_id"] for filing in filings if filing.data["flow"]}
        flows = {row["_id"]: row for row in self._flows.find_many(sorted(flow_ids))}
        for filing in sorted(filings, key=lambda filing: filing.sequence):
            if filing.data["flow"]:
                self._update_flow(filing.data["flow"], flows)
            self._update(filing, known)
        return {
            attendance_id: _facts(
                known.get(attendance_id, {}), flows.get(known.get(attendance_id, {}).get("flow_id") or "", {})
            )
            for attendance_id in attendance_ids
        }

    def _update_flow(self, flow: Mapping[str, Any], flows: dict[str, Document]) -> None:
        replica = flows.get(flow["flow_id"])
        if replica is None or replica["sequence"] < flow["version"]:
            self.put_flow(flow["flow_id"], flow["version"], flow["users"])
            flows[flow["flow_id"]] = {"sequence": flow["version"], "users": list(flow["users"])}

    def _update(self, filing: AttendanceFiling, known: dict[str, Document]) -> None:
        replica, deciding = known.get(filing.attendance_id, {"sequence": -1}), _deciding_fields(filing.data)
        if replica["sequence"] >= filing.sequence:
            return
        if any(name not in replica or replica[name] != value for name, value in deciding.items()):
            self.put(filing.attendance_id, filing.sequence, **deciding)
        known[filing.attendance_id] = {**replica, **deciding, "sequence": filing.sequence}


def _deciding_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"type_id": data["type_id"], "flow_id": data["flow"]["flow_id"] if data["flow"] else None}


def _facts(attendance: Document, flow: Document) -> AttendanceFacts | None:
    """The facts of two replicas; an empty document stands for a missing one."""
    if "type_id" not in attendance:
        return None
    return AttendanceFacts(attendance["type_id"], attendance["flow_id"], flow.get("users"))


def _after(last: Document, sort: Keys) -> list[Document]:
    """The filters, joined by "$or", of the rows after `last`; the order must be total."""
    equal: Document = {}
    filters: list[Document] = []
    for name, direction in sort:
        filters.append({**equal, name: {"$gt" if direction > 0 else "$lt": last[name]}})
        equal[name] = last[name]
    return filters


# The kinds of scope by which rows are hidden.
ROW_KINDS = (CATEGORY, ATTENDANCE_TYPE, FLOW)
