"""Listing a company's categories and characteristics (row P3)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import query
from services.people.categories import contract
from services.people.categories.model import CATEGORIES
from services.people.categories.presenting import present_own
from services.people.options.model import BY_CATEGORY
from services.people.session import PeopleSession

Data = dict[str, Any]


@query(takes=contract.Nothing, gives=contract.CategoryList, needs="people.read", section=CONFIGURATION)
def list_categories(session: PeopleSession, data: Data) -> Data:
    """The built-in ones, then the company's own by name."""
    built_in = [
        {"id": key, "name": name, "sections": BY_CATEGORY[key], "active": True, "built_in": True, "version": 1}
        for key, name in CATEGORIES.items()
    ]
    return {"items": [*built_in, *map(present_own, session.categories.all())]}


@query(takes=contract.Nothing, gives=contract.CharacteristicList, needs="people.read", section=CONFIGURATION)
def list_characteristics(session: PeopleSession, data: Data) -> Data:
    return {"items": session.characteristics.all()}
