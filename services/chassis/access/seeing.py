"""A company's rows as one user sees them (access/visibility.py): what is hidden is not found, and takes no place in a
page.

A repository reads `rows.seen` for what a user reads or names, and `rows` for the system's own work. What decides is
read from this service's replicas at that moment, so a right that was withdrawn meanwhile counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.chassis.access.visibility import ATTENDANCE_TYPE, CATEGORY, FLOW, AttendanceFacts, Sight
from services.chassis.personal_data.inventory import Holding
from services.chassis.replicas import persons
from services.chassis.replicas.pointers import Pointers
from services.chassis.replicas.redirects import FollowingTenant
from services.chassis.replicas.replica import Replicas
from services.chassis.storage.rows import Document, Fields, Keys, Rows
from services.chassis.storage.tenant import Tenant, TenantCollection

PERSONS, ATTENDANCES, FLOWS = persons.COLLECTION, "attendances", "flows"
# Rows of a batch where many are hidden: the first one is as large as the page asked for.
WIDEST = 1_000


@dataclass(frozen=True)
class Seeable:
    """Rows of `collection`, by the fields that name their person and their attendance (None: they have none).

    "_id": the row is the person, or the attendance, itself. `always`: every row has an attendance; one that names none
    is from before that was kept, and its attendance is not known.
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


class Seeing:
    """What one user sees of one company; a fact is read once a session."""

    def __init__(self, sight: Sight, tenant: Tenant) -> None:
        self._sight, self._tenant = sight, tenant
        self._known: dict[str, dict[str, Document]] = {PERSONS: {}, ATTENDANCES: {}, FLOWS: {}}

    def visible(self, rows: Sequence[Document], seeable: Seeable) -> list[Document]:
        """Those of the rows that the user sees, in their order; three reads at most."""
        if seeable.person is not None and self._sight.narrowed(CATEGORY):
            persons = self._named(PERSONS, seeable.person, rows)
            rows = [row for row in rows if self._sees_person(row.get(seeable.person), persons)]
        if seeable.attendance is None:
            return list(rows)
        attendances = self._named(ATTENDANCES, seeable.attendance, rows)
        flows = self._read(FLOWS, {one["flow_id"] for one in attendances.values() if one.get("flow_id")})
        return [row for row in rows if self._sees(row.get(seeable.attendance), attendances, flows, seeable.always)]

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

    def _named(self, name: str, field: str, rows: Iterable[Document]) -> dict[str, Document]:
        """The records that the rows name in `field`, or the rows themselves."""
        if field == "_id":
            return {row["_id"]: row for row in rows}
        return self._read(name, {row[field] for row in rows if row.get(field)})

    def _read(self, name: str, ids: Collection[str]) -> dict[str, Document]:
        known = self._known[name]
        missing = sorted(set(ids) - known.keys())
        if missing:
            found = self._tenant.collection(name).find({"_id": {"$in": missing}}, [("_id", 1)], len(missing))
            known.update({one["_id"]: one for one in found})
        return known


class Seen:
    """The rows of a collection that a user sees."""

    def __init__(self, rows: Rows, seeing: Seeing, seeable: Seeable) -> None:
        self._rows, self._seeing, self._seeable = rows, seeing, seeable

    def find_one(self, where: Mapping[str, Any]) -> Document | None:
        found = self._rows.find_one(where)
        return found if found and self._seeing.visible([found], self._seeable) else None

    def find(self, where: Mapping[str, Any], sort: Keys, limit: int, fields: Fields = None) -> list[Document]:
        """At most `limit` that are seen: as many batches as that takes, each twice as wide.

        An "$or" in `where` is a page's place in this very order, and nothing else: a next batch has its own.
        """
        if fields is not None:
            fields = [*fields, *self._seeable.deciding, *(name for name, _ in sort)]
        found: list[Document] = []
        width = limit
        while True:
            batch = self._rows.find(where, sort, width, fields)
            found += self._seeing.visible(batch, self._seeable)
            if len(found) >= limit or len(batch) < width:
                return found[:limit]
            where, width = {**where, "$or": _behind(batch[-1], sort)}, min(2 * width, WIDEST)


class SeeingTenant(FollowingTenant):
    """A company's view in which the collections of `seeables` know what a user sees of them."""

    def __init__(
        self,
        plain: Tenant,
        inventory: Sequence[Holding],
        seeables: Sequence[Seeable],
        sight: Sight,
        pointers: Pointers | None = None,
    ) -> None:
        super().__init__(plain, inventory, pointers)
        self._seeing = Seeing(sight, plain)
        self._seeables = {seeable.collection: seeable for seeable in seeables}

    def collection(self, name: str) -> TenantCollection:
        rows, seeable = super().collection(name), self._seeables.get(name)
        if seeable is not None:
            rows.shown = Seen(rows, self._seeing, seeable)
        return rows


@dataclass(frozen=True)
class Told:
    """What an event says of an attendance besides: `said` as put_told takes it."""

    attendance_id: str
    sequence: int
    said: Mapping[str, Any]


class AttendanceReplicas(Replicas):
    """The attendances of another service, with what decides who sees them; its flows beside them.

    `told`: `type_id` and `flow` as attendance announces them (its contract, Filed). Both are put by version: events
    may come twice, late, or in another order.
    """

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(tenant.collection(ATTENDANCES), "attendance", "Atendimento não encontrado.")
        self._flows = Replicas(tenant.collection(FLOWS), "flow", "Fluxo não encontrado.")

    def put_told(self, attendance_id: str, sequence: int, told: Mapping[str, Any], **fields: Any) -> None:
        """For a handler subscribed with `once=False`. The flow first: without its users nobody would see it."""
        flow = told["flow"]
        if flow is not None:
            self.put_flow(flow["flow_id"], flow["version"], flow["users"])
        self.put(attendance_id, sequence, **_deciding(told), **fields)

    def put_flow(self, flow_id: str, version: int, users: Sequence[str]) -> None:
        self._flows.put(flow_id, version, users=list(users))

    def facts(self, attendance_id: str) -> AttendanceFacts | None:
        """What decides who sees it; None where it is not known here."""
        return self.facts_of([attendance_id])[attendance_id]

    def facts_of(self, attendance_ids: Collection[str], told: Sequence[Told] = ()) -> dict[str, AttendanceFacts | None]:
        """The same of several, in two reads. What is `told` beside is used where it is newer than the copy, and written
        where that changes the copy: for events that come often and say the same.
        """
        known = {
            one["_id"]: one for one in self.find_many(sorted({*attendance_ids, *(one.attendance_id for one in told)}))
        }
        named = {one["flow_id"] for one in known.values() if one.get("flow_id")}
        named |= {one.said["flow"]["flow_id"] for one in told if one.said["flow"]}
        flows = {one["_id"]: one for one in self._flows.find_many(sorted(named))}
        for one in sorted(told, key=lambda one: one.sequence):
            if one.said["flow"]:
                self._learn_flow(one.said["flow"], flows)
            self._learn(one, known)
        return {
            one: _facts(known.get(one, {}), flows.get(known.get(one, {}).get("flow_id") or "", {}))
            for one in attendance_ids
        }

    def _learn_flow(self, flow: Mapping[str, Any], flows: dict[str, Document]) -> None:
        copy = flows.get(flow["flow_id"])
        if copy is None or copy["sequence"] < flow["version"]:
            self.put_flow(flow["flow_id"], flow["version"], flow["users"])
            flows[flow["flow_id"]] = {"sequence": flow["version"], "users": list(flow["users"])}

    def _learn(self, told: Told, known: dict[str, Document]) -> None:
        copy, deciding = known.get(told.attendance_id, {"sequence": -1}), _deciding(told.said)
        if copy["sequence"] >= told.sequence:
            return
        if any(name not in copy or copy[name] != value for name, value in deciding.items()):
            self.put(told.attendance_id, told.sequence, **deciding)
        known[told.attendance_id] = {**copy, **deciding, "sequence": told.sequence}


def _deciding(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"type_id": told["type_id"], "flow_id": told["flow"]["flow_id"] if told["flow"] else None}


def _facts(attendance: Document, flow: Document) -> AttendanceFacts | None:
    """Of the copies, which are empty where there are none."""
    if "type_id" not in attendance:
        return None
    return AttendanceFacts(attendance["type_id"], attendance["flow_id"], flow.get("users"))


def _behind(last: Document, sort: Keys) -> list[Document]:
    """The filter of what comes after a row, in an order that no two rows share a place in."""
    same: Document = {}
    found: list[Document] = []
    for name, way in sort:
        found.append({**same, name: {"$gt" if way > 0 else "$lt": last[name]}})
        same[name] = last[name]
    return found


# The kinds of scopes that rows are hidden by.
ROW_KINDS = (CATEGORY, ATTENDANCE_TYPE, FLOW)
