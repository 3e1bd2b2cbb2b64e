"""The rules of `people`: persons, how they are found, users and companies.

Only the field library python-stdnum may enter; no framework, no store, no clock.
"""

from __future__ import annotations

from services.people.domain.categories import (
    CATEGORIES,
    Category,
    Characteristic,
)
from services.people.domain.companies import (
    Company,
)
from services.people.domain.consents import (
    CHANNELS,
)
from services.people.domain.duplicates import (
    Likeness,
    document_key,
    likeness,
)
from services.people.domain.options import (
    SECTIONS,
)
from services.people.domain.person import (
    ADDRESS_KINDS,
    CONTACT_KINDS,
    Person,
)
from services.people.domain.places import (
    STATES,
    City,
    cities_like,
)
from services.people.domain.relations import (
    RELATION_KINDS,
    related_key,
)
from services.people.domain.search import (
    Query,
    category_key,
    characteristic_key,
    read_query,
)
from services.people.domain.users import (
    Membership,
    User,
)

__all__ = [
    "ADDRESS_KINDS",
    "CATEGORIES",
    "CHANNELS",
    "CONTACT_KINDS",
    "RELATION_KINDS",
    "SECTIONS",
    "STATES",
    "Category",
    "Characteristic",
    "City",
    "Company",
    "Likeness",
    "Membership",
    "Person",
    "Query",
    "User",
    "category_key",
    "characteristic_key",
    "cities_like",
    "document_key",
    "likeness",
    "read_query",
    "related_key",
]
