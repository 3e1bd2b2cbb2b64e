"""A thin local copy of another service's records, fed by its events; older events are ignored by sequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.chassis.errors import Conflict, NotReplicatedYet
from services.chassis.replicas.redirects import Redirects
from services.chassis.storage.rows import Document, Rows
from services.chassis.storage.tenant import TenantCollection

# Of an erased record: a late event must not bring its data back.
LAST = 2**53


class Replicas:
    """`what` names the record in a refusal's code: `<what>_not_found`, `<what>_erased`.

    An id may be led by another and a colon (a user's by the company's): the last part is the record's own.
    """

    def __init__(self, documents: TenantCollection, what: str, detail: str, redirects: Redirects | None = None) -> None:
        self._documents = documents
        self._what = what
        self._detail = detail
        self._redirects = redirects

    def get(self, record_id: str) -> Document:
        """The record's copy, or that of the record it was redirected to; one that the user does not see is not there.

        Raises NotReplicatedYet, which the chassis asks again for a moment where the id was made just now, before it is
        a NotFound; Conflict once erased.
        """
        return self._kept(record_id, self._documents.seen)

    def require(self, record_id: str) -> None:
        """Raises NotReplicatedYet, as `get` does, unless the user sees such a record, erased or not."""
        current = self._current(record_id)
        if self._documents.seen.find_one({"_id": current}) is None:
            raise NotReplicatedYet(f"{self._what}_not_found", self._detail, awaited=current.rpartition(":")[2])

    def get_own(self, record_id: str) -> Document:
        """The same, of a record that is the user's own: whatever their role is narrowed to."""
        return self._kept(record_id, self._documents)

    def seen(self, record_id: str) -> bool:
        """Whether the user sees it."""
        return self._documents.seen.find_one({"_id": self._current(record_id)}) is not None

    def _current(self, record_id: str) -> str:
        return self._redirects.lately(record_id) if self._redirects else record_id

    def _kept(self, record_id: str, documents: Rows) -> Document:
        current = self._current(record_id)
        found = documents.find_one({"_id": current})
        if found is None:
            raise NotReplicatedYet(f"{self._what}_not_found", self._detail, awaited=current.rpartition(":")[2])
        if found.get("erased"):
            raise self._erased()
        return found

    def refuse_erased(self, record_id: str) -> None:
        """For a text that becomes a part of what the record has already: raises Conflict("<what>_erased")."""
        if self.erased(self._current(record_id)):
            raise self._erased()

    def _erased(self) -> Conflict:
        return Conflict(f"{self._what}_erased", "Este registro foi apagado a pedido do titular.")

    def find(self, record_id: str) -> Document | None:
        """The copy as it is here, redirected or erased or not."""
        return self._documents.find_one({"_id": record_id})

    def erased(self, record_id: str) -> bool:
        found = self.find(record_id)
        return found is not None and bool(found.get("erased"))

    def erase(self, record_id: str, **shown: Any) -> None:
        """Only `shown` stays, for good: no event is newer. In a transaction."""
        self._documents.delete({"_id": record_id})
        self._documents.insert({"_id": record_id, "sequence": LAST, "erased": True, **shown})

    def put(self, record_id: str, sequence: int, **fields: Any) -> None:
        """For a handler subscribed with `once=False`."""
        self._documents.put_newer({"_id": record_id, "sequence": sequence, **fields}, by="sequence")

    def put_many(self, copies: Sequence[tuple[str, int, Mapping[str, Any]]]) -> None:
        """The same of many: id, sequence and fields of each."""
        documents = [{"_id": record_id, "sequence": sequence, **fields} for record_id, sequence, fields in copies]
        self._documents.put_newer_many(documents, by="sequence")

    def find_many(self, record_ids: Sequence[str]) -> list[Document]:
        """Those of them that are here, as they are."""
        return self._documents.find({"_id": {"$in": list(record_ids)}}, [], len(record_ids)) if record_ids else []
