"""The options of a person (row P6): the sections offered follow from the chosen category and from the user's access.

Two tables define them. No framework, store or clock may enter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from services.chassis.errors import Forbidden
from services.people.shared.fields import refused

# section: the permission that shows it
SECTIONS = {
    "addresses": "people.read",
    "related_persons": "people.read",
    "attendances": "attendance.read",
    "production": "attendance.read",
    "opportunities": "sales.read",
    "orders": "sales.read",
    "receivables": "sales.read",
    "contracts": "sales.read",
    "service_orders": "sales.read",
    "commission_account": "sales.read",
    "appointments": "scheduling.read",
    "watchers": "notifications.read",
}

_CONTACT = ("addresses", "related_persons", "attendances", "appointments", "watchers")
_SELLING = (*_CONTACT, "opportunities")

# category: the sections it offers; a company's own categories choose theirs
BY_CATEGORY = {
    "prospect": _SELLING,
    "suspect": _SELLING,
    "client": (*_SELLING, "production", "orders", "receivables", "contracts", "service_orders"),
    "third_party": _CONTACT,
    "supplier": (*_CONTACT, "contracts"),
    "carrier": (*_CONTACT, "contracts"),
    "representative": (*_SELLING, "commission_account"),
    "employee": (*_CONTACT, "production", "commission_account"),
    "dependent": _CONTACT,
}


def offered_sections(sections: Iterable[str], holds: Callable[[str], bool], sees: Callable[[str], bool]) -> list[str]:
    """The sections that the user may see, in the order of SECTIONS.

    `holds` tells whether the user holds a permission, `sees` whether the user's scopes include a section.
    """
    choose_category = set(sections)
    return [
        name for name, permission in SECTIONS.items() if name in choose_category and holds(permission) and sees(name)
    ]


def choose_category(asked: str | None, categories: Iterable[str], sees: Callable[[str], bool]) -> str | None:
    """The category `asked` for, else the first of the person's `categories` that the user sees; None for none.

    Raises Invalid("category_not_held"), Forbidden("category_hidden").
    """
    held = list(categories)
    if asked is None:
        return next(filter(sees, held), None)
    if asked not in held:
        raise refused("category_not_held", "A pessoa não está nesta categoria.", "category_id")
    if not sees(asked):
        raise Forbidden("category_hidden", "Você não tem acesso a esta categoria.")
    return asked
