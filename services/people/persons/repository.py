"""Persons in the database, found by id, code, search keys and identities."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import itemgetter
from typing import Any

from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.chassis.errors import ConcurrentUpdate, NotFound
from services.chassis.pages import after, cursor_of, whole
from services.chassis.replicas.redirects import Redirects
from services.chassis.storage.changes import last_change
from services.chassis.storage.indexes import FILLED, Index
from services.chassis.storage.recomputed_keys import Recomputed
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document, Fields, Keys
from services.chassis.storage.tenant import TenantCollection
from services.people.persons.model.duplicates import document_key
from services.people.persons.model.person import Person
from services.people.persons.model.search import KEYS_MARK, Query

NEWEST: Keys = [("code", -1), ("_id", -1)]
ALIKE_LIMIT = 10
SHARED_LIMIT = 1_000
CARD = ("code", "name", "short_name", "document", "categories", "emails", "phones")

INDEXES = (
    Index("persons", [("code", 1)], unique=True),
    Index("persons", [("document", 1)], unique=True, only={"document": FILLED}),
    Index("persons", [("import_key", 1)], unique=True, only={"import_key": FILLED}),
    Index("persons", [("active", 1), ("keys", 1), *NEWEST]),
    Index("persons", [("active", 1), *NEWEST]),
    Index("persons", [("identities", 1), ("code", -1)]),
)

DUPLICATE = 11000


class Persons:
    """The persons of a company. The id and the code of a merged person lead to the survivor.

    `get`, `by_code`, `find` and `search` find only persons whom the user may see; the other methods find all.
    """

    def __init__(
        self, documents: TenantCollection, numbers: TenantCollection, merges: TenantCollection, redirects: Redirects
    ) -> None:
        self._documents = documents
        self._merges = merges
        self._redirects = redirects
        self._numbers = numbers

    def next_codes(self, count: int = 1) -> list[int]:
        return self._numbers.take_numbers("person_code", count)

    def get(self, person_id: str) -> Person:
        """Raises NotFound("person_not_found")."""
        seen = self._documents.visible
        return _required(
            seen.find_one({"_id": person_id}) or seen.find_one({"_id": self._redirects.current(person_id)})
        )

    def require(self, person_id: str) -> None:
        """As `get`, without the person."""
        self.get(person_id)

    def by_code(self, code: int) -> Person:
        """Raises NotFound("person_not_found")."""
        return _required(self._with_code(code))

    def _with_code(self, code: int) -> Document | None:
        found = self._documents.visible.find_one({"code": code})
        if found is None and (merge := self._merges.find_one({"code": code})) is not None:
            return self._documents.visible.find_one({"_id": self._redirects.current(merge["_id"])})
        return found

    def find(self, person_id: str) -> Person | None:
        """The person whom the user may see; None for none, and for a merged person."""
        found = self._documents.visible.find_one({"_id": person_id})
        return person_of(found) if found else None

    def visible_by_id(self, person_ids: Collection[str]) -> dict[str, Person]:
        """The persons that the user may see, by id; one read."""
        where = {"_id": {"$in": sorted(person_ids)}}
        found = self._documents.visible.find(where, [("_id", 1)], len(person_ids)) if person_ids else []
        return {document["_id"]: person_of(document) for document in found}

    def holder_of(self, key: str | None) -> Person | None:
        """The person with this document or import key (Person.document_key, Person.source_key), or None.

        It reads by `identities`, because the unique indexes are partial, and not every engine reads by these.
        """
        found = self._documents.find_one({"identities": key}) if key else None
        return person_of(found) if found else None

    def by_ids_or_codes(self, ids: Sequence[str], codes: Sequence[int]) -> list[tuple[str | int, Person]]:
        """Pairs of an id or code and its person, the survivor for a merged one; unknown ones are left out.

        Few reads.
        """
        persons: dict[str | int, Person] = {
            person.id: person for person in self._many({"_id": {"$in": list(ids)}}, ids)
        }
        by_code = self._many({"code": {"$in": list(codes)}}, codes)
        persons |= {person.code: person for person in by_code}
        for field, asked in (("_id", ids), ("code", codes)):
            missing = [key for key in asked if key not in persons]
            merges = self._merges.find({field: {"$in": missing}}, [], len(missing)) if missing else []
            for merge in merges:
                survivor = self.find(self._redirects.current(merge["_id"]))
                if survivor is not None:
                    persons[merge[field]] = survivor
        return list(persons.items())

    def visible_active(self, person_ids: Sequence[str]) -> list[Person]:
        """The active persons that the user may see, by id; the survivor for a merged one."""
        self._redirects.prefetch(person_ids)
        current = sorted({self._redirects.current(one) for one in person_ids})
        found = self._documents.visible.find({"_id": {"$in": current}}, [("_id", 1)], len(current))
        return [person_of(document) for document in found if document["active"]]

    def _many(self, where: Document, asked: Sequence[Any]) -> list[Person]:
        return [person_of(document) for document in self._documents.find(where, [], len(asked))] if asked else []

    def sharing(self, identities: Sequence[str]) -> list[Person]:
        """The persons with any of these identities (documents, import keys, e-mails, phones, names).

        One read; only where more than SHARED_LIMIT persons share them, the newest of each identity.
        """
        found = self._documents.find({"identities": {"$in": list(identities)}}, [], SHARED_LIMIT) if identities else []
        if len(found) == SHARED_LIMIT:
            found = [document for identity in identities for document in self._newest_with(identity)]
        return [person_of(document) for document in {document["_id"]: document for document in found}.values()]

    def _newest_with(self, identity: str) -> list[Document]:
        return self._documents.find({"identities": identity}, [("code", -1)], ALIKE_LIMIT + 1)

    def anybody_with(self, key: str) -> bool:
        """Whether some person, active or not, has this search key."""
        return any(self._documents.find_one({"active": active, "keys": key}) for active in (True, False))

    def alike(self, person: Person) -> list[Person]:
        """Other persons with its document or any of its identities: of each identity the newest ALIKE_LIMIT + 1.

        One read; only where very many share an identity, one read for each.
        """
        asked = [*person.held_keys(), *person.identities()]
        if not asked:
            return []
        most = (ALIKE_LIMIT + 1) * len(asked)
        found = self._documents.find({"identities": {"$in": asked}}, [], most)
        if len(found) == most:
            found = [document for identity in asked for document in self._newest_with(identity)]
        else:
            found = _newest_of_each(found, asked)
        others = {document["_id"]: document for document in found if document["_id"] != person.id}
        return [person_of(document) for document in others.values()]

    def add_many(self, persons: list[Person]) -> None:
        """Inserts new persons of an import, which has looked for other holders of their keys before.

        Raises ConcurrentUpdate("person_exists") where somebody took a key meanwhile.
        """
        try:
            self._documents.insert_many([document_of(person) for person in persons])
        except BulkWriteError as error:
            if not any(failed["code"] == DUPLICATE for failed in error.details["writeErrors"]):
                raise
            raise ConcurrentUpdate("person_exists", "Já existe uma pessoa com este documento.") from error

    def add(self, person: Person) -> None:
        """Raises ConcurrentUpdate("person_exists") when somebody took the document since it was looked for."""
        self._documents.insert(document_of(person), later=True, taken=_changed_meanwhile)

    def last_change(self, person: Person, seen: int) -> dict[str, Any]:
        """Who changed the person last, when, and which fields changed since version `seen`, as far as that is known."""
        return last_change(self._documents.last_changes.get(person.id, {}), person.version, seen)

    def take_out(self, person: Person) -> None:
        """Deletes a person whose record a merge stores; raises ConcurrentUpdate if it was changed meanwhile."""
        if not self._documents.delete({"_id": person.id, "version": person.version}):
            raise ConcurrentUpdate("version_changed", "O registro foi alterado por outra pessoa; carregue-o novamente.")

    def save(self, person: Person) -> None:
        """Saves the next version; raises ConcurrentUpdate: version_changed, person_exists (a document of another)."""
        person.version += 1
        try:
            self._documents.replace(document_of(person))
        except DuplicateKeyError as error:
            raise _changed_meanwhile() from error

    def search(self, query: Query, active: bool, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page: first the person with exactly the code or document, then all with all keys, newest first.

        One read for each meaning of the query (`keys` and `also`), and one for the code or document.
        """
        found, following = self._page(query, active, limit, cursor)
        return {"items": [person_of(document) for document in found], "next_cursor": following}

    def active_ids(self, query: Query, limit: int) -> set[str]:
        """The ids of the newest active persons of a search, of those whom the user may see."""
        return {found["_id"] for found in self._listed_any(query, True, limit, None, ("code",))}

    def links_of(self, person_ids: Collection[str]) -> set[str]:
        """The ids of all relations that these persons have."""
        found = self._documents.find({"_id": {"$in": sorted(person_ids)}}, [], len(person_ids), ["relations"])
        return {relation["id"] for document in found for relation in document["relations"]}

    def suggestions(self, query: Query, limit: int) -> list[Document]:
        """The first active persons of a search, with what a list of suggestions shows (CARD) and no more."""
        return self._page(query, True, limit, None, CARD)[0]

    def _page(
        self, query: Query, active: bool, limit: int, cursor: str | None, fields: Fields = None
    ) -> tuple[list[Document], str | None]:
        exact = self._exact(query, active)
        shown = [] if cursor or exact is None else [exact]
        # One more than the page, to know of a next one; and one for the exact match, which is not shown twice.
        listed = self._listed_any(query, active, limit + 2, cursor, fields) if query.listed else []
        others = [document for document in listed if exact is None or document["_id"] != exact["_id"]]
        room = limit - len(shown)
        return [*shown, *others[:room]], _cursor_after(others, room) if len(others) > room else None

    def _exact(self, query: Query, active: bool) -> Document | None:
        if query.code is None and query.document is None:
            return None
        if query.document is not None:
            found = self._documents.visible.find_one({"identities": document_key(query.document)})
        else:
            found = self._with_code(query.code or 0)
        fits = found and found["active"] == active and query.fits(found["keys"])
        return found if fits else None

    def _listed_any(self, query: Query, active: bool, limit: int, cursor: str | None, fields: Fields) -> list[Document]:
        """The persons with all keys of any meaning of the query; one read for each."""
        lists = [self._listed(keys, active, limit, cursor, fields) for keys in dict.fromkeys((query.keys, *query.also))]
        if len(lists) == 1:
            return lists[0]
        found = {document["_id"]: document for documents in lists for document in documents}
        return sorted(found.values(), key=itemgetter("code"), reverse=True)[:limit]

    def _listed(
        self, keys: Sequence[str], active: bool, limit: int, cursor: str | None, fields: Fields
    ) -> list[Document]:
        where = _having(keys, active)
        if cursor is not None:
            where |= after(cursor, "code", whole)
        return self._documents.visible.find(where, NEWEST, limit, fields)


def _having(keys: Sequence[str], active: bool) -> Document:
    where: Document = {"active": active}
    if keys:
        where["keys"] = keys[0]
    if keys[1:]:  # not as $all: with this form every engine reads only the first key's part of the index
        where["$and"] = [{"keys": key} for key in keys[1:]]
    return where


def _newest_of_each(found: list[Document], identities: Sequence[str]) -> list[Document]:
    """The newest of each identity, as one read for each would give them."""
    newest = sorted(found, key=itemgetter("code"), reverse=True)
    having = {identity: [one for one in newest if identity in one["identities"]] for identity in identities}
    return [document for documents in having.values() for document in documents[: ALIKE_LIMIT + 1]]


def _cursor_after(others: list[Document], room: int) -> str:
    """The cursor after the first `room` of the others; with no room, the cursor before all of them."""
    if not room:
        return cursor_of(others[0]["code"] + 1, "")
    return cursor_of(others[room - 1]["code"], others[room - 1]["_id"])


def _changed_meanwhile() -> ConcurrentUpdate:
    return ConcurrentUpdate("person_exists", "Já existe uma pessoa com este documento.")


def _required(document: Document | None) -> Person:
    if document is None:
        raise NotFound("person_not_found", "Pessoa não encontrada.")
    return person_of(document)


def document_of(person: Person) -> Document:
    """The stored document of a person, with the keys and identities that it is found by."""
    fields = dict(vars(person))
    fields["_id"] = fields.pop("id")
    fields["keys"] = [*person.search_keys(), KEYS_MARK]
    fields["identities"] = [*person.held_keys(), *person.identities(), *person.alias_identities]
    return fields


def person_of(document: Document) -> Person:
    return as_record(document, Person)


# Computes the keys of persons of earlier versions again (KEYS_MARK).
RECOMPUTED = Recomputed("persons", "keys", KEYS_MARK, lambda document: document_of(person_of(document))["keys"])
