"""Persons, and how they are found."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.chassis.errors import Conflict, NotFound, Overtaken
from services.chassis.mongo import Document, Index, TenantCollection, cursor_of, read_cursor
from services.people.domain import Person, query_alternatives

INDEXES = (
    Index("persons", [("code", 1)], unique=True),
    Index("persons", [("document", 1)], unique=True, only={"document": {"$type": "string"}}),
    Index("persons", [("import_key", 1)], unique=True, only={"import_key": {"$type": "string"}}),
    Index("persons", [("keys", 1), ("code", -1), ("_id", -1)]),
    Index("persons", [("code", -1), ("_id", -1)]),
)

DUPLICATE = 11000


class Persons:
    def __init__(self, documents: TenantCollection, numbers: TenantCollection) -> None:
        self._documents = documents
        self._numbers = numbers

    def next_codes(self, count: int = 1) -> range:
        return self._numbers.next_numbers("person_code", count)

    def get(self, person_id: str) -> Person:
        return _found(self._documents.find_one({"_id": person_id}))

    def by_code(self, code: int) -> Person:
        return _found(self._documents.find_one({"code": code}))

    def holder_of(self, key: str | None) -> Person | None:
        """Who has this search key (a document's or an import's), if somebody has."""
        found = self._documents.find_one({"keys": key}) if key else None
        return _person(found) if found else None

    def holders_of(self, keys: list[str]) -> dict[str, Person]:
        """Who has any of these search keys, by key; one object a person."""
        found = ((key, self.holder_of(key)) for key in dict.fromkeys(keys))
        each: dict[str, Person] = {}
        return {key: each.setdefault(person.id, person) for key, person in found if person is not None}

    def add_many(self, persons: list[Person]) -> None:
        """New ones, of an import that has looked for holders of their keys; raises Overtaken("person_exists")."""
        try:
            self._documents.insert_many([_document(person) for person in persons])
        except BulkWriteError as error:
            if not any(failed["code"] == DUPLICATE for failed in error.details["writeErrors"]):
                raise
            raise Overtaken("person_exists", "Já existe uma pessoa com este documento.") from error

    def add(self, person: Person) -> None:
        """Raises Conflict("person_exists") for a document or import key somebody has."""
        try:
            self._documents.insert(_document(person))
        except DuplicateKeyError as error:
            raise Conflict("person_exists", "Já existe uma pessoa com este documento.") from error

    def save(self, person: Person) -> None:
        person.version += 1
        self._documents.replace(_document(person))

    def search(self, text: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """The first reading of `text` that finds somebody (code, document, phone, words), newest first.

        The cursor keeps the reading, so that a later page cannot change it.
        """
        readings = query_alternatives(text) or [[]]
        first, below = 0, {}
        if cursor is not None:
            first, code, person_id = read_cursor(cursor, 3)
            below = {"$or": [{"code": {"$lt": code}}, {"code": code, "_id": {"$lt": person_id}}]}
        for reading, keys in list(enumerate(readings))[first:]:
            found = self._documents.find({**_with_keys(keys), **below}, [("code", -1), ("_id", -1)], limit + 1)
            if found or cursor is not None:
                shown = found[:limit]
                more = len(found) > limit
                following = cursor_of(reading, shown[-1]["code"], shown[-1]["_id"]) if more else None
                return {"items": [_person(d) for d in shown], "next_cursor": following}
        return {"items": [], "next_cursor": None}


def _with_keys(keys: list[str]) -> Document:
    if not keys:
        return {}
    return {"keys": keys[0]} if len(keys) == 1 else {"keys": {"$all": keys}}


def _found(document: Document | None) -> Person:
    if document is None:
        raise NotFound("person_not_found", "Pessoa não encontrada.")
    return _person(document)


def _document(person: Person) -> Document:
    fields = asdict(person)
    fields["_id"] = fields.pop("id")
    fields["keys"] = person.search_keys()
    return fields


def _person(document: Document) -> Person:
    fields = {k: v for k, v in document.items() if k not in ("_id", "company", "keys")}
    return Person(id=document["_id"], **fields)
