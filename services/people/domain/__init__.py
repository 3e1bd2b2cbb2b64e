"""The rules of `people`: persons, how they are found, users and companies.

Only the field libraries (python-stdnum, phonenumbers) may enter; no framework, no store, no clock.
"""

from __future__ import annotations

from services.people.domain.companies import Company
from services.people.domain.person import ADDRESS_KINDS, CATEGORIES, Person
from services.people.domain.search import query_alternatives, query_key
from services.people.domain.users import Membership, User

__all__ = [
    "ADDRESS_KINDS",
    "CATEGORIES",
    "Company",
    "Membership",
    "Person",
    "User",
    "query_alternatives",
    "query_key",
]
