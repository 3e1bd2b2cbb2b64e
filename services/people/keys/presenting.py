"""An API key as it is answered, and who made it."""

from __future__ import annotations

from typing import Any

from services.people.access.checking import access_in_company
from services.people.access.model import ADMINISTER, Access
from services.people.keys.model import ApiKey
from services.people.session import PeopleSession

Data = dict[str, Any]


def present_key(session: PeopleSession, key: ApiKey) -> Data:
    return {**vars(key), "maker": maker_of(key, access_in_company(session, key.created_by))}


def maker_of(key: ApiKey, access: Access | None) -> str:
    """What the key's maker is today: may still give such a key, may not, or is active here no more."""
    if access is None:
        return "inactive"
    could = ADMINISTER in access.permissions and access.covers(Access.of(key.permissions, key.scopes))
    return "administrator" if could else "member"
