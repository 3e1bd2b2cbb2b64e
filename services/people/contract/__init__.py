"""What `people` promises: its commands, queries, results and events, by aggregate."""

from __future__ import annotations

from services.people.contract.access import KNOWN_PERMISSIONS
from services.people.contract.events import (
    EVENTS,
    PERSON_CHANGED,
    PERSON_REGISTERED,
    SERVICE,
    PersonChanged,
    PersonRegistered,
)
from services.people.contract.imports import (
    ImportLine,
    ImportPersons,
    ImportReport,
)
from services.people.contract.persons import (
    AddAddress,
    AddContact,
    Address,
    Contact,
    Email,
    GetPerson,
    Person,
    PersonPage,
    Phone,
    RegisterPerson,
    SearchPersons,
)
from services.people.contract.users import (
    SignedIn,
    SignIn,
)

__all__ = [
    "EVENTS",
    "KNOWN_PERMISSIONS",
    "PERSON_CHANGED",
    "PERSON_REGISTERED",
    "SERVICE",
    "AddAddress",
    "AddContact",
    "Address",
    "Contact",
    "Email",
    "GetPerson",
    "ImportLine",
    "ImportPersons",
    "ImportReport",
    "Person",
    "PersonChanged",
    "PersonPage",
    "PersonRegistered",
    "Phone",
    "RegisterPerson",
    "SearchPersons",
    "SignIn",
    "SignedIn",
]
