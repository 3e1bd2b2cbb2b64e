"""Reading API keys of other systems (row P9)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import ACCESS
from services.chassis.handling.entrypoints import query
from services.people.access.checking import access_in_company
from services.people.keys import contract
from services.people.keys.presenting import maker_of, present_key
from services.people.session import PeopleSession

Data = dict[str, Any]


@query(takes=contract.GetKey, gives=contract.Key, needs="people.administer", section=ACCESS, fresh=True)
def get_key(session: PeopleSession, data: Data) -> Data:
    return present_key(session, session.access.keys.get(data["key_id"]))


@query(takes=contract.ListKeys, gives=contract.KeyPage, needs="people.administer", section=ACCESS, fresh=True)
def list_keys(session: PeopleSession, data: Data) -> Data:
    """A page of keys, newest first; `maker` shows keys whose maker has left: these are valid until revoked."""
    found = session.access.keys.page(**data)
    makers = {maker: access_in_company(session, maker) for maker in {key.created_by for key in found["items"]}}
    return {**found, "items": [{**vars(key), "maker": maker_of(key, makers[key.created_by])} for key in found["items"]]}
