"""Reading and searching persons; probable duplicates; cities (rows P1, P2, P4)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION, RECORD
from services.chassis.handling.entrypoints import query
from services.people.persons import contract
from services.people.persons.editing import only_category
from services.people.persons.model.person import Person
from services.people.persons.model.places import cities_like
from services.people.persons.model.search import read_query
from services.people.session import PeopleSession

Data = dict[str, Any]


@query(takes=contract.GetPerson, gives=contract.Person, needs="people.read", section=RECORD)
def get_person(session: PeopleSession, data: Data) -> Person:
    if data["code"] is not None:
        return session.persons.by_code(data["code"])
    return session.persons.get(data["id"])


@query(takes=contract.SearchPersons, gives=contract.PersonPage, needs="people.read", section=RECORD)
def search_persons(session: PeopleSession, data: Data) -> Data:
    """Row P1: first the person with exactly the code or document, then all who match the whole query, newest first."""
    search = read_query(data["q"]).within(category=data["category"] or only_category(session))
    return session.persons.search(search, data["status"] == "active", data["limit"], data["cursor"])


@query(takes=contract.SuggestPersons, gives=contract.PersonSuggestions, needs="people.read", section=RECORD)
def list_person_suggestions(session: PeopleSession, data: Data) -> Data:
    """Row P1: the first persons who match, while the user types."""
    search = read_query(data["q"]).within(category=data["category"] or only_category(session))
    return {"items": [_suggestion(one) for one in session.persons.suggestions(search, data["limit"])]}


def _suggestion(found: Data) -> Data:
    main: Data = {name: next((one for one in found[name] if one["main"]), {}) for name in ("emails", "phones")}
    return {
        **found,
        "id": found["_id"],
        "email": main["emails"].get("address"),
        "phone": main["phones"].get("number"),
    }


@query(takes=contract.ListDuplicates, gives=contract.DuplicatePage, needs="people.read", section=RECORD)
def list_duplicates(session: PeopleSession, data: Data) -> Data:
    """Row P2: pairs of persons who may be one, with reasons and score, the likeliest first."""
    page = session.duplicates.of(data["person_id"], data["limit"], data["cursor"])
    known = session.persons.visible_by_id({one for pair in page["items"] for one in pair["persons"]})
    items = [
        {**pair, "id": pair["_id"], "persons": [known[one] for one in pair["persons"]]}
        for pair in page["items"]
        if known.keys() >= set(pair["persons"])
    ]
    return {**page, "items": items}


@query(takes=contract.ListCities, gives=contract.CityList, needs="people.read", section=CONFIGURATION)
def list_cities(session: PeopleSession, data: Data) -> Data:
    """IBGE's municipalities of a state, at most 50; they are the same for all companies."""
    return {"items": cities_like(data["state"], data["q"])}
