"""Recording who looked at a person's data (row P7)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import RECORD
from services.chassis.handling.entrypoints import command
from services.people.access_log import contract
from services.people.session import PeopleSession

Data = dict[str, Any]
PERMISSION = "people.record_look"


@command(takes=contract.RecordLooks, gives=contract.RecordedLooks, needs=PERMISSION, section=RECORD, once=False)
def record_looks(tx: PeopleSession, data: Data) -> Data:
    """Records looks. Their ids are the gateway's, so that a message that comes twice is one.

    The permission is one that only the gateway sets, so that nobody else can write the log.
    """
    tx.access_log.add_missing([{"_id": look.pop("id"), **look} for look in data["looks"]])
    return {"recorded": len(data["looks"])}


@command(takes=contract.RecordLook, gives=contract.RecordedLook, needs=PERMISSION, section=RECORD)
def record_look(tx: PeopleSession, data: Data) -> Data:
    """One look, as gateways told them before `record_looks`: such a message may wait for a day."""
    look = {**data, "_id": tx.new_id(), "user_id": tx.actor.id, "user_name": tx.actor.name, "request_id": tx.cause}
    tx.access_log.add(look)
    return look
