"""Loads the two records of a merge, if the actor may see them."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict
from services.people.merging.model.merge import Merge, refuse_merge
from services.people.persons.model.person import Person
from services.people.session import PeopleSession

Data = dict[str, Any]


def sees_merged(session: PeopleSession, merge: Merge) -> bool:
    """Whether the actor sees the merged person; an erased one has nothing left to hide."""
    return merge.person is None or session.actor.sight.person(merge.person.categories)


def pair_of(session: PeopleSession, data: Data) -> tuple[Person, Person]:
    """The survivor and the person to merge.

    Raises Conflict: person_already_merged (the id leads to another person), erasure_running; what refuse_merge raises.
    """
    pair = []
    for person_id in (data["survivor_id"], data["person_id"]):
        person = session.persons.get(person_id)
        if person.id != person_id:
            detail = f"Esta pessoa já foi unida à pessoa {person.code}."
            raise Conflict("person_already_merged", detail, person_id=person.id, person_code=person.code)
        pair.append(person)
        session.erasures.refuse_running(person.id)
    refuse_merge(*pair)
    return pair[0], pair[1]
