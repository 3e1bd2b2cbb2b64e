"""Related persons (row P5): both records keep the relation, each with its kind as seen from that side."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import command
from services.people.categories import contract as categories_contract
from services.people.persons.editing import person_to_edit, save_and_announce
from services.people.relations import contract
from services.people.session import PeopleSession

Data = dict[str, Any]


@command(takes=contract.RelatePersons, gives=contract.Relation, needs="people.write", section="related_persons")
def relate_persons(tx: PeopleSession, data: Data) -> Data:
    """Raises NotFound("person_not_found"), and what Person.relate raises."""
    person, other = person_to_edit(tx, data), tx.persons.get(data["related_id"])
    link_id = tx.new_id()
    person.relate(other, data["kind"], link_id, tx.now)
    save_and_announce(tx, person)
    save_and_announce(tx, other)
    return {**person.relation(link_id), "person": other}


@command(
    takes=contract.UnrelatePersons, gives=categories_contract.Removed, needs="people.write", section="related_persons"
)
def unrelate_persons(tx: PeopleSession, data: Data) -> Data:
    """Removes the relation from both persons; raises NotFound: person_not_found, relation_not_found."""
    person = person_to_edit(tx, data)
    relation = person.relation(data["relation_id"])
    other = tx.persons.get(relation["person_id"])
    for side in (person, other):
        if any(link["id"] == relation["id"] for link in side.relations):
            side.unrelate(relation["id"])
            save_and_announce(tx, side)
    return {"id": relation["id"]}
