"""Opening a person (rows P3, P6): its options for the chosen category and the user's access, and its messages."""

from __future__ import annotations

from functools import partial
from typing import Any

from services.chassis.access.sections import RECORD
from services.chassis.handling.entrypoints import query
from services.people.options import contract
from services.people.options.model import BY_CATEGORY, choose_category, offered_sections
from services.people.persons.model.person import Person
from services.people.relations.queries import first_related
from services.people.session import PeopleSession

Data = dict[str, Any]


@query(takes=contract.OpenPerson, gives=contract.OpenedPerson, needs="people.read", section=RECORD)
def get_opened_person(session: PeopleSession, data: Data) -> Data:
    """Raises NotFound("person_not_found"), Invalid("category_not_held"), Forbidden("category_hidden")."""
    person, actor = session.persons.get(data["id"]), session.actor
    sees_category = partial(actor.sees, "category")
    category = choose_category(data["category"], person.categories, sees_category)
    sections = _sections(session, category) if category else ()
    if "commission_account" in sections and not _sees_account(session, person):
        sections = tuple(name for name in sections if name != "commission_account")
    options = offered_sections(sections, actor.holds, partial(actor.sees, "section"))
    return {
        "person": person,
        "category_id": category,
        "categories": list(filter(sees_category, person.categories)),
        "options": options,
        "characteristics": session.characteristics.many(person.characteristics),
        "related_persons": first_related(session, person) if "related_persons" in options else None,
    }


def _sees_account(session: PeopleSession, person: Person) -> bool:
    """Row S19: the person itself, and users who close accounts, may see a commission account."""
    actor = session.actor
    own = actor.person is not None and session.redirects.current(actor.person) == person.id
    return own or actor.holds("sales.supervise")


def _sections(session: PeopleSession, category: str) -> tuple[str, ...]:
    if category in BY_CATEGORY:
        return BY_CATEGORY[category]
    own = session.categories.find(category)
    return tuple(own.sections) if own else ()
