"""Finds the existing person that a row is about: by the id of an export, by code, document, import key, or by the name
together with an e-mail or phone.

No framework, no store, no clock.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.people.imports.model.header_words import fold_header
from services.people.imports.model.reading import Reading
from services.people.persons.model.person import Person

# More persons than this who share an identity are people at one switchboard, not duplicates.
ALIKE_LIMIT = 10


class Known:
    """The persons that the rows of a chunk may be about, and those that its own rows register."""

    def __init__(self) -> None:
        self._persons: dict[str, Person] = {}
        self._ids: dict[str, str] = {}
        self._codes: dict[int, str] = {}
        self._keys: dict[str, list[str]] = {}

    def meet(self, person: Person) -> None:
        """Adds a person who was loaded, unless a row of the chunk has added or changed that person already."""
        if person.id not in self._persons:
            self.add(person)

    def add(self, person: Person) -> Person:
        """Adds a person, or replaces it by its newest state."""
        self._persons[person.id] = person
        self._ids[person.id] = person.id
        if person.code:
            self._codes[person.code] = person.id
        for key in _keys_of(person):
            holders = self._keys.setdefault(key, [])
            if person.id not in holders:
                holders.append(person.id)
        return person

    def leads(self, asked: str | int, person: Person) -> None:
        """Notes that an id or code leads to this person, as after a merge."""
        if isinstance(asked, str):
            self._ids[asked] = person.id
        else:
            self._codes[asked] = person.id

    def person(self, person_id: str) -> Person:
        return self._persons[person_id]

    def is_own(self, person: Person, reading: Reading) -> bool:
        """Whether the row is a line of our own export about this person."""
        return self._ids.get(reading.id or "") == person.id

    def holder(self, draft: Person, reading: Reading) -> Person | None:
        """The existing person that the row is about, or None."""
        return next(self._holders(draft, reading), None)

    def _holders(self, draft: Person, reading: Reading) -> Iterator[Person]:
        if reading.id in self._ids:
            yield self._persons[self._ids[reading.id]]
        if reading.code in self._codes:
            coded = self._persons[self._codes[reading.code]]
            if _is_confirmed(coded, draft):
                yield coded
        for key in draft.held_keys():
            yield from self._with(key)
        for key in reached_by(draft):
            alike = (person for person in self._with(key) if _same_name(person, draft))
            yield from (person for person in alike if not _contradict(person, draft))

    def with_document(self, person: Person) -> Iterator[Person]:
        """Others who hold the person's document."""
        if person.document_key:
            yield from (one for one in self._with(person.document_key) if one.id != person.id)

    def sharing(self, person: Person) -> Iterator[Person]:
        """Others who share an e-mail, a phone or a name with the person: the newest of each."""
        ids = dict.fromkeys(one.id for key in person.identities() for one in self._with(key)[-ALIKE_LIMIT:])
        yield from (self._persons[one] for one in ids if one != person.id)

    def _with(self, key: str) -> list[Person]:
        return sorted((self._persons[one] for one in self._keys.get(key, ())), key=lambda person: person.code)


def _keys_of(person: Person) -> set[str]:
    return {*person.held_keys(), *reached_by(person), *person.identities(), *person.alias_identities}


def reached_by(person: Person) -> list[str]:
    """The keys of all e-mails and phones, however many."""
    emails = [f"email:{item['address'].lower()}" for item in person.emails]
    return [*emails, *(f"phone:{item['number']}" for item in person.phones)]


def _same_name(one: Person, other: Person) -> bool:
    return fold_header(one.name) == fold_header(other.name)


def _contradict(one: Person, other: Person) -> bool:
    """Whether the documents differ: branches of a company share name and e-mail, but not the document."""
    return bool(one.document and other.document and one.document != other.document)


def _is_confirmed(coded: Person, draft: Person) -> bool:
    """Whether something else confirms a match by code, which may be another company's or another program's code."""
    if coded.document and coded.document == draft.document:
        return True
    shared = set(reached_by(coded)) & set(reached_by(draft))
    return _same_name(coded, draft) or (bool(shared) and not _contradict(coded, draft))
