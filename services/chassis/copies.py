"""A thin local copy of another service's records, fed by its events; older events are ignored by sequence."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import NotArrived
from services.chassis.mongo import Document, TenantCollection


class Copies:
    """`what` names the record in a refusal's code: `<what>_not_found`."""

    def __init__(self, documents: TenantCollection, what: str, detail: str) -> None:
        self._documents = documents
        self._what = what
        self._detail = detail

    def get(self, record_id: str) -> Document:
        """Raises NotArrived, which the chassis asks again for a moment before it is a NotFound."""
        found = self._documents.find_one({"_id": record_id})
        if found is None:
            raise NotArrived(f"{self._what}_not_found", self._detail)
        return found

    def put(self, record_id: str, sequence: int, **fields: Any) -> None:
        """For a handler subscribed with `once=False`."""
        self._documents.put_newer({"_id": record_id, "sequence": sequence, **fields}, by="sequence")
