"""Presents an API key, with the current rights of the user who made it (`maker`)."""

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
    """The maker's rights today: "administrator" may still create such a key, "member" may not, "inactive" has left."""
    if access is None:
        return "inactive"
    could = ADMINISTER in access.permissions and access.covers(Access.of(key.permissions, key.scopes))
    return "administrator" if could else "member"
