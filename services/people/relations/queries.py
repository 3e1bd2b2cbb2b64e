"""Related persons, read (row P5)."""

from __future__ import annotations

from typing import Any

from services.chassis.counting import MOST_COUNTED
from services.chassis.handling.entrypoints import query
from services.chassis.schemas import load
from services.people.persons.editing import only_category
from services.people.persons.model.person import Person
from services.people.persons.model.relations import related_key
from services.people.persons.model.search import Query, read_query
from services.people.relations import contract
from services.people.session import PeopleSession

Data = dict[str, Any]


@query(takes=contract.GetRelation, gives=contract.Relation, needs="people.read", section="related_persons")
def get_relation(session: PeopleSession, data: Data) -> Data:
    """Raises NotFound: person_not_found, relation_not_found."""
    relation = session.persons.get(data["person_id"]).relation(data["relation_id"])
    return {**relation, "person": session.persons.get(relation["person_id"])}


@query(takes=contract.SearchRelated, gives=contract.RelationPage, needs="people.read", section="related_persons")
def search_related(session: PeopleSession, data: Data) -> Data:
    """By code, name, short name and all else that finds a person, among those related to this one."""
    return _related(session, session.persons.get(data["person_id"]), data)


def first_related(session: PeopleSession, person: Person) -> Data:
    """The first page of a person's active related persons, counted; no read where there are none."""
    found = _related(session, person, load(contract.SearchRelated, {"person_id": person.id}))
    if found["next_cursor"] is None:
        return {**found, "count": len(found["items"]), "exact": True}
    keys = Query().within(group=related_key(person.id), category=only_category(session)).keys
    others = session.persons.active_with(keys, MOST_COUNTED + 1)
    count = sum(relation["person_id"] in others for relation in person.relations)
    return {**found, "count": min(count, MOST_COUNTED), "exact": count <= MOST_COUNTED >= len(others)}


def _related(session: PeopleSession, person: Person, data: Data) -> Data:
    if not person.relations and data["cursor"] is None:
        return {"items": [], "next_cursor": None}
    category = data["category"] or only_category(session)
    search = read_query(data["q"]).within(group=related_key(person.id), category=category)
    page = session.persons.search(search, data["status"] == "active", data["limit"], data["cursor"])
    return {**page, "items": [relation for other in page["items"] for relation in _relations_between(person, other)]}


def _relations_between(person: Person, other: Person) -> list[Data]:
    return [{**relation, "person": other} for relation in person.relations if relation["person_id"] == other.id]
