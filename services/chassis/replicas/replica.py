"""Replicas: small local copies of another service's records, fed by its events; older events are ignored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.chassis.errors import Conflict, NotReplicatedYet
from services.chassis.replicas.redirects import Redirects
from services.chassis.storage.rows import Document, Rows
from services.chassis.storage.tenant import TenantCollection

# The sequence of an erased record: no later event may bring its data back.
LAST = 2**53


class Replicas:
    """`what` names the record in a refusal's code: `<what>_not_found`, `<what>_erased`; `detail` is the text of the
    first.

    A prefix and a colon may precede the record's own id (the company's id, before a user's).
    """

    def __init__(self, documents: TenantCollection, what: str, detail: str, redirects: Redirects | None = None) -> None:
        self._documents = documents
        self._what = what
        self._detail = detail
        self._redirects = redirects

    def get(self, record_id: str) -> Document:
        """The replica of the record, or of the one it was redirected to.

        Raises NotReplicatedYet where it is missing or hidden from the user: the chassis retries for a moment where the
        id is new, and then it is a NotFound. Raises Conflict once the record is erased.
        """
        return self._kept(record_id, self._documents.visible)

    def require(self, record_id: str) -> None:
        """Raises NotReplicatedYet, as `get` does, unless the record exists and the user sees it, erased or not."""
        current = self._current(record_id)
        if self._documents.visible.find_one({"_id": current}) is None:
            raise NotReplicatedYet(f"{self._what}_not_found", self._detail, awaited=current.rpartition(":")[2])

    def get_own(self, record_id: str) -> Document:
        """`get` for a record of the user's own, which no narrowed role hides."""
        return self._kept(record_id, self._documents)

    def is_visible(self, record_id: str) -> bool:
        """Whether the record exists and the user sees it."""
        return self._documents.visible.find_one({"_id": self._current(record_id)}) is not None

    def _current(self, record_id: str) -> str:
        return self._redirects.cached_current(record_id) if self._redirects else record_id

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
        """The stored replica, whether redirected, erased or neither."""
        return self._documents.find_one({"_id": record_id})

    def erased(self, record_id: str) -> bool:
        found = self.find(record_id)
        return found is not None and bool(found.get("erased"))

    def erase(self, record_id: str, **shown: Any) -> None:
        """Replaces the replica by the fields `shown` for good: no event is newer. To be called in a transaction."""
        self._documents.delete({"_id": record_id})
        self._documents.insert({"_id": record_id, "sequence": LAST, "erased": True, **shown})

    def put(self, record_id: str, sequence: int, **fields: Any) -> None:
        """For a subscriber with `once=False`."""
        self._documents.put_newer({"_id": record_id, "sequence": sequence, **fields}, by="sequence")

    def put_many(self, copies: Sequence[tuple[str, int, Mapping[str, Any]]]) -> None:
        """`put` for many replicas: id, sequence and fields of each."""
        documents = [{"_id": record_id, "sequence": sequence, **fields} for record_id, sequence, fields in copies]
        self._documents.put_newer_many(documents, by="sequence")

    def find_many(self, record_ids: Sequence[str]) -> list[Document]:
        """The stored replicas of the ids, as `find` returns them."""
        return self._documents.find({"_id": {"$in": list(record_ids)}}, [], len(record_ids)) if record_ids else []
