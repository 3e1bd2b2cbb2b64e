"""Every change of a person: loaded in the version that the caller saw, saved and announced, its duplicates noted."""

from __future__ import annotations

from typing import Any

from services.chassis.access.visibility import CATEGORY
from services.people import events
from services.people.persons.model.duplicates import Likeness, likeness
from services.people.persons.model.person import Person
from services.people.session import PeopleSession
from services.people.shared.versions import refuse_other_version

Data = dict[str, Any]


def person_to_edit(tx: PeopleSession, data: Data) -> Person:
    """Takes `person_id` and `version` out of `data`.

    Raises NotFound("person_not_found"), Conflict("version_changed").
    """
    person, seen = tx.persons.get(data.pop("person_id")), data.pop("version")
    refuse_other_version(person, seen)
    return person


def only_category(session: PeopleSession) -> str | None:
    """The one that the user's role names: a search is then led to it. Of several, each found person is asked."""
    named = session.actor.scopes.get(CATEGORY, ())
    return named[0] if len(named) == 1 else None


def changed(tx: PeopleSession, person: Person) -> Person:
    """Saves the next version, and announces it; raises Conflict("person_erased")."""
    save(tx, person)
    tx.publish(events.PERSON_CHANGED, person.id, person.version, **person.announced())
    return person


def save(tx: PeopleSession, person: Person) -> None:
    """The next version, which the caller announces; raises Conflict("person_erased")."""
    person.refuse_erased()
    tx.persons.save(person)


def changed_identity(tx: PeopleSession, person: Person) -> Person:
    """The same, where a name, an e-mail or a phone may be new: its probable duplicates are others then."""
    note_duplicates(tx, person)
    return changed(tx, person)


def note_duplicates(tx: PeopleSession, person: Person) -> list[tuple[Person, Likeness]]:
    """The probable duplicates of a person, the likeliest first; they are listed from now on."""
    found = probable_duplicates(tx, person)
    tx.duplicates.put_all(person.id, {other.id: like for other, like in found})
    return found


def probable_duplicates(tx: PeopleSession, person: Person) -> list[tuple[Person, Likeness]]:
    """The likeliest first."""
    own = person.identities()
    found = [(other, like) for other in tx.persons.alike(person) if (like := likeness(own, other.identities()))]
    return sorted(found, key=lambda pair: (-pair[1].score, pair[0].code))
