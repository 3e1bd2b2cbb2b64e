"""Flows with their tags, and the totals of their attendances, in the database."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.attendance.filing.model import FILINGS, Share
from services.attendance.flows.model import MAX_FLOWS, Flow, not_found
from services.attendance.tags.model import Board, Ordering, Tag
from services.chassis.errors import ConcurrentUpdate, Conflict
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection

INDEXES = (
    Index("flows", [("name_key", 1)], unique=True),
    Index("flows", [("users", 1), ("name_key", 1)]),
    Index("flow_totals", [("flow_id", 1)]),
)

# The counters of a flow are spread over as many documents, so that concurrent transactions seldom conflict.
SHARDS = 8


class Flows:
    def __init__(self, documents: TenantCollection, changed: Callable[[str], None]) -> None:
        """`changed` is called with the id of each flow that is saved."""
        self._documents, self._changed = documents, changed

    def find(self, flow_id: str) -> Flow | None:
        found = self._documents.find_one({"_id": flow_id})
        return _flow(found) if found else None

    def get(self, flow_id: str) -> Flow:
        """Raises NotFound("flow_not_found")."""
        flow = self.find(flow_id)
        if flow is None:
            raise not_found()
        return flow

    def all(self) -> list[Flow]:
        return [_flow(found) for found in self._documents.find({}, [("name_key", 1)], 2 * MAX_FLOWS)]

    def of_user(self, user: str) -> list[Flow]:
        return [_flow(found) for found in self._documents.find({"users": user}, [("name_key", 1)], 2 * MAX_FLOWS)]

    def add(self, flow: Flow) -> None:
        """Raises Conflict("flow_exists" or "flow_limit_reached")."""
        if len(self._documents.find({}, [("name_key", 1)], MAX_FLOWS)) >= MAX_FLOWS:
            raise Conflict("flow_limit_reached", f"Uma empresa tem no máximo {MAX_FLOWS} fluxos.")
        try:
            self._documents.insert(_document(flow))
        except DuplicateKeyError as error:
            raise _exists(flow) from error

    def save(self, flow: Flow) -> None:
        """Raises Conflict("flow_exists") or ConcurrentUpdate("version_changed")."""
        flow.version += 1
        try:
            self._documents.replace(_document(flow))
        except DuplicateKeyError as error:
            raise _exists(flow) from error
        self._changed(flow.id)

    def delete(self, flow: Flow) -> None:
        self._documents.delete({"_id": flow.id})


class Totals:
    """Counters of each flow: attendances by filing and their quotes in approval, updated with every change."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def start(self, flow_id: str) -> None:
        """Creates all counters of a new flow, so that deleting the flow conflicts with every concurrent writer."""
        self._documents.insert_many(
            [{"_id": f"{flow_id}/{shard}", "flow_id": flow_id} for shard in range(SHARDS)]
        )  # fmt: skip

    def end(self, flow_id: str) -> None:
        """Deletes each counter by id: a concurrent writer conflicts, and finds no flow when it retries."""
        for shard in range(SHARDS):
            self._documents.delete({"_id": f"{flow_id}/{shard}"})

    def shift(self, before: Share | None, after: Share | None) -> None:
        """Replaces an attendance's share `before` by `after`; raises ConcurrentUpdate if the flow was just deleted."""
        if before == after:
            return
        if before and after and before.flow_id == after.flow_id:
            counts = before.counts(-1)
            for path, count in after.counts().items():
                counts[path] = counts.get(path, 0) + count
            self._add(after, {path: count for path, count in counts.items() if count})
            return
        for share, sign in ((before, -1), (after, 1)):
            if share is not None:
                self._add(share, share.counts(sign))

    def of(self, flow_ids: list[str]) -> dict[str, dict[str, Any]]:
        """Totals by flow id and filing: `attendances`, `quotes`, and `amounts` in hundredths by currency."""
        totals: dict[str, dict[str, Any]] = {flow_id: {filed: _zero() for filed in FILINGS} for flow_id in flow_ids}
        where = {"flow_id": {"$in": flow_ids}}
        for shard in self._documents.find(where, [("flow_id", 1)], SHARDS * max(len(flow_ids), 1)):
            for filed in FILINGS:
                _add_to(totals[shard["flow_id"]][filed], shard.get(filed, {}))
        return totals

    def _add(self, share: Share, counts: dict[str, int]) -> None:
        shard = zlib.crc32(share.attendance_id.encode()) % SHARDS
        if counts and not self._documents.increment(f"{share.flow_id}/{shard}", counts):
            raise ConcurrentUpdate("flow_deleted", "O fluxo foi excluído por outra pessoa.")


def _zero() -> dict[str, Any]:
    return {"attendances": 0, "quotes": 0, "amounts": {}}


def _add_to(totals: dict[str, Any], part: Document) -> None:
    totals["attendances"] += part.get("attendances", 0)
    totals["quotes"] += part.get("quotes", 0)
    for currency, amount in part.get("amounts", {}).items():
        totals["amounts"][currency] = totals["amounts"].get(currency, 0) + amount


def _exists(flow: Flow) -> Conflict:
    return Conflict("flow_exists", f"Já existe um fluxo chamado {flow.name}.")


def _document(flow: Flow) -> Document:
    fields = asdict(flow)
    return {"_id": fields.pop("id"), **fields, "name_key": flow.name_key}


def _flow(found: Document) -> Flow:
    board = found["board"]
    ordering = as_record(board["ordering"], Ordering) if board["ordering"] else None
    return as_record(found, Flow, board=Board([as_record(tag, Tag) for tag in board["tags"]], ordering))
