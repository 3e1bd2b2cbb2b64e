"""The version of a record that the caller of a command expects (If-Match), compared with the version that is read.

The comparison happens where the record is read, inside the command's transaction: so no use case has to do it, and none
can forget it. `TenantCollection.replace` finds a writer who comes between the read and the write.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.chassis.errors import ConcurrentUpdate, Conflict, Invalid
from services.chassis.storage.changes import last_change

CHANGED = "O registro foi alterado por outra pessoa; carregue-o novamente."


class ExpectedVersion:
    """`record`: its id, or the key that the company gave it. Only the first read is compared: later ones may see what
    the command itself has written."""

    def __init__(self, record: str, version: int) -> None:
        self.record, self.version = record, version
        self._compared = False

    def compare(self, document: Mapping[str, Any]) -> None:
        """Raises Conflict("version_changed"), with the version that the record has now."""
        if self._compared or "version" not in document:
            return
        if not self._is(str(document.get("_id"))) and document.get("key") != self.record:
            return
        if document["version"] != self.version:
            change = last_change(document, document["version"], self.version)
            raise Conflict("version_changed", CHANGED, version=document["version"], seen=self.version, **change)
        self._compared = True

    def _is(self, record_id: str) -> bool:
        """Whether it is the expected record. A record of which each company has one has an id that begins with the
        company's, which the caller names instead."""
        return record_id == self.record or record_id.startswith(f"{self.record}:")

    def require_compared(self, answer: Any) -> None:
        """Called last in the command. Raises Invalid("if_match_unexpected") where no such record was read: the header
        must not be ignored. A record that the command writes for the first time (version 1) was seen in version 0."""
        if self._compared:
            return
        if not isinstance(answer, Mapping) or answer.get("version") != 1:
            raise Invalid("if_match_unexpected", "Esta operação não confere a versão do registro (If-Match).")
        if self.version != 0:
            raise Conflict("version_changed", CHANGED, version=0, seen=self.version)


def concurrent_update() -> ConcurrentUpdate:
    """The refusal where another writer was first."""
    return ConcurrentUpdate("version_changed", CHANGED)
