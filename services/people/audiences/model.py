"""The audience of a mailing (row N6): a filter of persons or a list of them, and the data of each recipient. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.chassis.texts import fold_name
from services.people.persons.model.lists import main_of
from services.people.persons.model.person import Person
from services.people.persons.model.search import Query, characteristic_key

# The most persons of one mailing.
MOST_PERSONS = 100_000
TOO_LARGE, RIGHTS_MISSING = REFUSALS = ("audience_too_large", "rights_missing")
ADDRESS = ("street", "number", "complement", "district", "city", "state", "postal_code", "country")
# By channel: the person's last decision for the mailing's purpose; None where there is none.
Decisions = Mapping[str, bool | None]


@dataclass(frozen=True)
class Filter:
    """All given fields must fit. `consenting`: only persons who consented to e-mails for the mailing's purpose.

    `person_ids`: only these persons. The last contact is on or after the day `contact_since`, and before the day
    `no_contact_since`; attendance chooses by these two.
    """

    category: str | None = None
    characteristic: str | None = None
    city: str | None = None
    state: str | None = None
    consenting: bool = False
    person_ids: Sequence[str] = ()
    contact_since: dt.date | None = None
    no_contact_since: dt.date | None = None

    @property
    def by_contact(self) -> bool:
        return self.contact_since is not None or self.no_contact_since is not None

    def query(self, only_category: str | None) -> Query:
        """The search for the audience; `only_category`: the only category that the user sees, if there is one."""
        group = characteristic_key(self.characteristic) if self.characteristic else ""
        return Query().within(groups=[group] if group else [], category=self.category or only_category)

    def includes(self, person: Person, decisions: Decisions) -> bool:
        """Whether the person belongs to the audience."""
        if self.consenting and not decisions.get("email"):
            return False
        if self.category and self.category not in person.categories:
            return False
        if self.characteristic and self.characteristic not in person.characteristics:
            return False
        return self._lives_there(main_of(person.addresses) or {})

    def _lives_there(self, address: Mapping[str, Any]) -> bool:
        asked = (("city", self.city), ("state", self.state))
        return all(not value or fold_name(address.get(name) or "") == fold_name(value) for name, value in asked)


@dataclass
class Audience:
    """The work of gathering the persons of one mailing in chunks.

    `number`: of announced chunks; `persons`: of persons in them; `cursor`: where the next one begins, None at first.
    """

    id: str
    mailing_id: str
    purpose: str
    filter: Filter
    actor_id: str
    actor_name: str
    number: int = 0
    persons: int = 0
    cursor: str | None = None


def recipient_of(person: Person, decisions: Decisions, with_address: bool) -> dict[str, Any]:
    """The fields of events.AnnouncedRecipient."""
    email, address = main_of(person.emails), main_of(person.addresses) if with_address else None
    return {
        "person_id": person.id,
        "code": person.code,
        "name": person.name,
        "email": email["address"] if email else None,
        "address": {name: address.get(name) or "" for name in ADDRESS} if address else None,
        "email_consent": decisions.get("email"),
        "post_consent": decisions.get("post"),
    }
