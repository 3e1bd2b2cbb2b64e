"""Pairs of persons who may be one (row P2): ids and scores only, so that no personal data is stored twice."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from services.chassis.pages import after, page, whole
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document, Keys
from services.chassis.storage.tenant import TenantCollection
from services.people.persons.model.duplicates import Likeness

LIKELIEST: Keys = [("score", -1), ("_id", -1)]
INDEXES = (Index("duplicates", LIKELIEST), Index("duplicates", [("persons", 1), *LIKELIEST]))


class Duplicates:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def put_all(self, person_id: str, found: dict[str, Likeness]) -> None:
        """Replaces the stored duplicates of a person; `found` is by the other person's id."""
        pairs = {pair_of(person_id, other): likeness for other, likeness in found.items()}
        self._documents.delete_many({"persons": person_id, "_id": {"$nin": sorted(pairs)}})
        for pair, likeness in pairs.items():
            self._documents.put(_document(pair, likeness))

    def add_all(self, person_id: str, found: dict[str, Likeness]) -> None:
        """Stores the duplicates of a new person, who has none stored."""
        self._documents.insert_many([_document(pair_of(person_id, other), found[other]) for other in found])

    def put_many(self, changed: Collection[str], found: dict[str, Likeness]) -> None:
        """Adds pairs, by `pair_of`, and replaces those of `changed` persons, of which `found` must hold all pairs."""
        if changed:
            self._documents.delete_many({"persons": {"$in": sorted(changed)}, "_id": {"$nin": sorted(found)}})
        kept = self._documents.find({"_id": {"$in": sorted(found)}}, [], len(found)) if found else []
        known = {pair["_id"] for pair in kept}
        documents = {pair: _document(pair, likeness) for pair, likeness in found.items()}
        self._documents.insert_many([documents[pair] for pair in found if pair not in known])
        for pair in known & set(found):
            self._documents.put(documents[pair])

    def of(self, person_id: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page of the company's pairs, or of one person's."""
        where: Document = {"persons": person_id} if person_id else {}
        found = self._documents.find({**where, **after(cursor, "score", whole)}, LIKELIEST, limit + 1)
        return page(found, limit, "score", dict)


def _document(pair: str, likeness: Likeness) -> Document:
    return {"_id": pair, "persons": pair.split("|"), "score": likeness.score, "reasons": list(likeness.reasons)}


def pair_of(one: str, other: str) -> str:
    """The id of a pair, the same in either order."""
    return "|".join(sorted((one, other)))
