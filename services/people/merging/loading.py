"""The two records of a merge, as far as the actor sees them."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Conflict
from services.people.merging.model.merge import Merge, refuse_merge
from services.people.persons.model.person import Person
from services.people.session import PeopleSession

Data = dict[str, Any]


def sees_both(session: PeopleSession, merge: Merge) -> bool:
    """Of an erased one nothing is left to see."""
    return merge.person is None or session.actor.sight.person(merge.person.categories)


def pair_of(session: PeopleSession, data: Data) -> tuple[Person, Person]:
    """The survivor and the other; raises Conflict("person_already_merged") for an id that leads elsewhere."""
    found = []
    for person_id in (data["survivor_id"], data["person_id"]):
        person = session.persons.get(person_id)
        if person.id != person_id:
            detail = f"Esta pessoa já foi unida à pessoa {person.code}."
            raise Conflict("person_already_merged", detail, person_id=person.id, person_code=person.code)
        found.append(person)
        session.erasures.refuse_running(person.id)
    refuse_merge(*found)
    return found[0], found[1]
