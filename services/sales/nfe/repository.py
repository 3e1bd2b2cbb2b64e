"""NF-e with their documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.chassis import counting
from services.chassis.errors import Conflict, NotFound
from services.chassis.pages import after, cursor_of, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.fiscal.repository import LAST_CHANGED
from services.sales.nfe.model.nfe import Nfe
from services.sales.shared.products import KEY, keyed
from services.sales.shared.records import document_of, record_of

NEWEST = [("requested_at", -1), ("_id", -1)]
# The most documents of an order: the last one, and the cancelled ones before it.
MOST_ATTEMPTS = 50
# The documents read for each number of a range; a number belongs to one, or in an error two.
MOST_NUMBERED = 2
PAGE = 100

WORKS = "nfe_works"

INDEXES = (
    Index("nfes", [("order_id", 1), ("attempt", 1)], unique=True),
    Index("nfes", NEWEST),
    Index("nfes", [("status", 1), *NEWEST]),
    Index("nfes", [("environment", 1), ("series", 1), ("number", 1)]),
    Index("nfes", [("person_id", 1), ("status", 1), *NEWEST]),
    Index("nfe_documents", [("nfe_id", 1), ("at", -1), ("_id", -1)]),
    Index("fiscal_products", [(KEY, 1), *LAST_CHANGED]),
)
DERIVED = keyed("fiscal_products")


class Nfes:
    def __init__(self, documents: TenantCollection, parts: TenantCollection) -> None:
        self._documents = documents
        self._parts = parts

    def get(self, nfe_id: str) -> Nfe:
        """Raises NotFound("nfe_not_found")."""
        found = self._documents.visible.find_one({"_id": nfe_id})
        if found is None:
            raise NotFound("nfe_not_found", "NF-e não encontrada.")
        return record_of(found, Nfe)

    def add(self, nfe: Nfe) -> None:
        """Raises Conflict("nfe_exists") when somebody asked for the order's document at the same time."""
        try:
            self._documents.insert(document_of(nfe))
        except DuplicateKeyError as error:
            raise Conflict("nfe_exists", "Esta venda já tem NF-e.") from error

    def save(self, nfe: Nfe) -> None:
        nfe.version += 1
        self._documents.replace(document_of(nfe))

    def of_order(self, order_id: str) -> Nfe | None:
        """The last NF-e of the order."""
        return self.of_orders([order_id]).get(order_id)

    def of_orders(self, order_ids: Iterable[str]) -> dict[str, Nfe]:
        """The last NF-e of each order, by order id."""
        ids = sorted(set(order_ids))
        order = [("order_id", 1), ("attempt", 1)]
        found = self._documents.find({"order_id": {"$in": ids}}, order, MOST_ATTEMPTS * len(ids)) if ids else []
        return {document["order_id"]: record_of(document, Nfe) for document in found}

    def page(
        self, status: str | None, person_id: str | None, limit: int, cursor: str | None, *, counted: bool = False
    ) -> dict[str, Any]:
        """Of the company or of a person, newest first."""
        filters = {"status": status, "person_id": person_id}
        where = {name: value for name, value in filters.items() if value}
        found = self._documents.visible.find({**where, **after(cursor, "requested_at")}, NEWEST, limit + 1)
        shown = page(found, limit, "requested_at", lambda document: record_of(document, Nfe))
        return counting.with_count(shown, self._documents.visible, where, NEWEST, asked=counted)

    def numbered(self, environment: str, series: int, first: int, last: int) -> list[Nfe]:
        """The NF-e with numbers of the range, by number."""
        where = {"environment": environment, "series": series, "number": {"$gte": first, "$lte": last}}
        found = self._documents.find(where, [("number", 1)], MOST_NUMBERED * (last - first + 1))
        return [record_of(document, Nfe) for document in found]

    def of_person(self, person_id: str) -> list[Nfe]:
        """All of them, newest first."""
        found: list[Document] = []
        while True:
            last = found[-1] if found else None
            where = {
                "person_id": person_id,
                **(after(cursor_of(last["requested_at"], last["_id"]), "requested_at") if last else {}),
            }
            more = self._documents.find(where, NEWEST, PAGE)
            found += more
            if len(more) < PAGE:
                return [record_of(document, Nfe) for document in found]

    def forget(self, nfe: Nfe) -> None:
        """Deletes its documents."""
        self._parts.delete_many({"nfe_id": nfe.id})

    def keep(self, nfe: Nfe, kind: str, xml: str, at: Any) -> None:
        """Stores one of its documents.

        `kind`: nfe, protocol, cancellation, letter-<number> and letter-<number>-answer.
        """
        self._parts.put({"_id": f"{nfe.id}:{kind}", "nfe_id": nfe.id, "kind": kind, "xml": xml, "at": at})

    def kept(self, nfe_id: str, kind: str) -> str:
        found = self._parts.find_one({"_id": f"{nfe_id}:{kind}"})
        return str(found["xml"]) if found else ""
