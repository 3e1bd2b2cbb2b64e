"""Recording who looked at a person's data (row P7)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import RECORD
from services.chassis.handling.entrypoints import command
from services.people.access_log import contract
from services.people.session import PeopleSession

Data = dict[str, Any]


@command(takes=contract.RecordLook, gives=contract.RecordedLook, needs="people.record_look", section=RECORD)
def record_look(tx: PeopleSession, data: Data) -> Data:
    """Records a look. The permission is one that only the gateway sets, so that nobody else can write the log."""
    look = {**data, "_id": tx.new_id(), "user_id": tx.actor.id, "user_name": tx.actor.name, "request_id": tx.cause}
    tx.access_log.add(look)
    return look
