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
    """Searches the persons related to one, as search_persons does."""
    return _related(session, session.persons.get(data["person_id"]), data)


def first_related(session: PeopleSession, person: Person) -> Data:
    """The first page of a person's active related persons, with their count; no read if there are none."""
    found = _related(session, person, load(contract.SearchRelated, {"person_id": person.id}))
    if found["next_cursor"] is None:
        return {**found, "count": len(found["items"]), "exact": True}
    search = Query().within(groups=_groups(session, person), category=only_category(session))
    others = session.persons.active_ids(search, MOST_COUNTED + 1)
    session.redirects.prefetch(relation["person_id"] for relation in person.relations)
    count = sum(session.redirects.current(relation["person_id"]) in others for relation in person.relations)
    return {**found, "count": min(count, MOST_COUNTED), "exact": count <= MOST_COUNTED >= len(others)}


def _related(session: PeopleSession, person: Person, data: Data) -> Data:
    if not person.relations and data["cursor"] is None:
        return {"items": [], "next_cursor": None}
    category = data["category"] or only_category(session)
    search = read_query(data["q"]).within(groups=_groups(session, person), category=category)
    page = session.persons.search(search, data["status"] == "active", data["limit"], data["cursor"])
    if any(other.aliases for other in page["items"]):
        session.redirects.prefetch(relation["person_id"] for relation in person.relations)
    between = [_relations_between(session, person, other) for other in page["items"] if other.id != person.id]
    return {**page, "items": [relation for relations in between for relation in relations]}


def _groups(session: PeopleSession, person: Person) -> list[str]:
    """The search keys of everybody related to the person, or to one who was merged into it."""
    members = session.redirects.members(person.id) if person.aliases else [person.id]
    return [related_key(member) for member in members]


def _relations_between(session: PeopleSession, person: Person, other: Person) -> list[Data]:
    """The relations of the person with `other`, or with persons merged into `other`."""

    def leads_to(person_id: str) -> bool:
        return person_id == other.id or (bool(other.aliases) and session.redirects.current(person_id) == other.id)

    return [{**relation, "person": other} for relation in person.relations if leads_to(relation["person_id"])]
