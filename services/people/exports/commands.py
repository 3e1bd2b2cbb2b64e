"""Beginning an export (row P8), which has a permission of its own and is recorded, because it is sensitive."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import RECORD
from services.chassis.errors import Forbidden
from services.chassis.handling.entrypoints import command
from services.people.exports import contract
from services.people.session import PeopleSession

Data = dict[str, Any]


@command(takes=contract.BeginExport, gives=contract.ExportBegun, needs="people.export", section=RECORD, fresh=True)
def begin_export(tx: PeopleSession, data: Data) -> Data:
    """Recorded before the first row leaves: who, when, and whether it was filtered.

    Raises Forbidden("permission_missing") for an actor without people.read.
    """
    if not tx.actor.holds("people.read"):
        raise Forbidden("permission_missing", "Você não tem permissão para esta ação.", permission="people.read")
    export_id = tx.new_id()
    tx.exports.add(export_id, tx.actor.id, tx.actor.name, bool(data["q"]), tx.now)
    return {"id": export_id}
