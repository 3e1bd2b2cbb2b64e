"""Related persons (row P5): a relation is kept by both, each with the name that it has from there."""

from __future__ import annotations

from services.chassis.entrypoints import command, query
from services.people import contract
from services.people.domain import Person, read_query, related_key
from services.people.store import PeopleSession
from services.people.use_cases.editing import Data, changed, only_category, person_to_edit


@command(takes=contract.RelatePersons, gives=contract.Relation, needs="people.write", section="related_persons")
def relate_persons(tx: PeopleSession, data: Data) -> Data:
    """Raises NotFound("person_not_found"), and what Person.relate does."""
    person, other = person_to_edit(tx, data), tx.persons.get(data["related_id"])
    link_id = tx.new_id()
    person.relate(other, data["kind"], link_id, tx.now)
    changed(tx, person)
    changed(tx, other)
    return {**person.relation(link_id), "person": other}


@command(takes=contract.UnrelatePersons, gives=contract.Removed, needs="people.write", section="related_persons")
def unrelate_persons(tx: PeopleSession, data: Data) -> Data:
    """On both sides; raises NotFound: person_not_found, relation_not_found."""
    person = person_to_edit(tx, data)
    relation = person.relation(data["relation_id"])
    other = tx.persons.get(relation["person_id"])
    for one in (person, other):
        one.unrelate(relation["id"])
        changed(tx, one)
    return {"id": relation["id"]}


@query(takes=contract.GetRelation, gives=contract.Relation, needs="people.read", section="related_persons")
def get_relation(session: PeopleSession, data: Data) -> Data:
    """Raises NotFound: person_not_found, relation_not_found."""
    relation = session.persons.get(data["person_id"]).relation(data["relation_id"])
    return {**relation, "person": session.persons.get(relation["person_id"])}


@query(takes=contract.SearchRelated, gives=contract.RelationPage, needs="people.read", section="related_persons")
def search_related(session: PeopleSession, data: Data) -> Data:
    """By code, name, short name and all else that finds a person, among those related to this one."""
    person = session.persons.get(data["person_id"])
    category = data["category"] or only_category(session)
    asked = read_query(data["q"]).within(group=related_key(person.id), category=category)
    page = session.persons.search(asked, data["status"] == "active", data["limit"], data["cursor"])
    return {**page, "items": [relation for other in page["items"] for relation in _of(person, other)]}


def _of(person: Person, other: Person) -> list[Data]:
    return [{**relation, "person": other} for relation in person.relations if relation["person_id"] == other.id]
