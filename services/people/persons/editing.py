"""The steps that every change of a person shares: loading, saving, publishing, and finding probable duplicates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.chassis.access.visibility import CATEGORY
from services.people import events
from services.people.persons.model.duplicates import Likeness, likeness
from services.people.persons.model.person import Person
from services.people.session import PeopleSession
from services.people.shared.versions import refuse_other_version

Data = dict[str, Any]


def person_to_edit(tx: PeopleSession, data: Data) -> Person:
    """Loads the person to change; takes `person_id` and `version`, which the caller saw, out of `data`.

    Raises NotFound("person_not_found"), Conflict("version_changed").
    """
    person, seen = tx.persons.get(data.pop("person_id")), data.pop("version")
    refuse_other_version(person, seen, tx.persons.last_change)
    return person


def only_category(session: PeopleSession) -> str | None:
    """The only category that the user may see, to search in.

    None if there is none or several: then results are filtered.
    """
    named = session.actor.scopes.get(CATEGORY, ())
    return named[0] if len(named) == 1 else None


def save_and_announce(tx: PeopleSession, person: Person) -> Person:
    """Saves the person and publishes person_changed; raises Conflict("person_erased")."""
    save(tx, person)
    tx.publish(events.PERSON_CHANGED, person.id, person.version, **person.event_data())
    return person


def save(tx: PeopleSession, person: Person) -> None:
    """Saves the person; the caller publishes the event. Raises Conflict("person_erased")."""
    person.refuse_erased()
    tx.persons.save(person)


def save_and_find_duplicates(tx: PeopleSession, person: Person) -> Person:
    """As `save_and_announce`, after a change in which the name, an e-mail or a phone may have changed: finds the
    probable duplicates again.
    """
    note_duplicates(tx, person)
    return save_and_announce(tx, person)


def note_duplicates(tx: PeopleSession, person: Person) -> list[tuple[Person, Likeness]]:
    """Finds and stores the probable duplicates of a person; returns them, the likeliest first."""
    duplicates = probable_duplicates(person, tx.persons.alike(person))
    tx.duplicates.put_all(person.id, {other.id: like for other, like in duplicates})
    return duplicates


def probable_duplicates(person: Person, others: Iterable[Person]) -> list[tuple[Person, Likeness]]:
    """Those of the others who share an identity with `person`, with their likeness; the likeliest first."""
    own = person.identities()
    duplicates = [(other, like) for other in others if (like := likeness(own, other.identities()))]
    return sorted(duplicates, key=lambda pair: (-pair[1].score, pair[0].code))
