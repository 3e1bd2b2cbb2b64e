"""Flows: the boards on which attendances are filed, and who may see them (row A5).

Pure: no framework, store or clock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from services.attendance.tags.model import Board
from services.chassis.errors import Conflict, NotFound
from services.chassis.texts import fold_name

MAX_FLOWS = 200


@dataclass
class Flow:
    """`users` are the ids of the users who may see and use it; for all others it does not exist."""

    id: str
    name: str
    alias: str
    description: str
    users: list[str]
    active: bool
    created_at: dt.datetime
    version: int = 1
    board: Board = field(default_factory=Board)

    @property
    def name_key(self) -> str:
        return fold_name(self.name)

    def open_to(self, user: str) -> bool:
        return user in self.users

    def change(
        self,
        name: str | None = None,
        alias: str | None = None,
        description: str | None = None,
        users: list[str] | None = None,
    ) -> None:
        """Fields that are None stay. An alias equal to the name follows a new name; an empty alias becomes the name."""
        if alias is None:
            alias = "" if self.alias == self.name else self.alias
        self.name = name or self.name
        self.alias = alias or self.name
        self.description = self.description if description is None else description
        self.users = self.users if users is None else list(dict.fromkeys(users))

    def switch(self, active: bool) -> None:
        """Raises Conflict("flow_already_active" or "flow_already_inactive")."""
        if self.active is active:
            state = "active" if active else "inactive"
            raise Conflict(f"flow_already_{state}", f"O fluxo já está {'ativo' if active else 'inativo'}.")
        self.active = active

    def require_active(self) -> None:
        """Raises Conflict("flow_inactive"): an inactive flow takes no new attendance; those it has stay."""
        if not self.active:
            raise Conflict("flow_inactive", "O fluxo está inativo e não recebe atendimentos.")

    def require_empty(self, held: int) -> None:
        """Raises Conflict("flow_in_use") if `held`, the number of its attendances in any filing, is not 0."""
        if held:
            raise Conflict("flow_in_use", f"O fluxo tem {held} atendimento(s) e não pode ser excluído.", held=held)


def not_found() -> NotFound:
    """The same refusal for a flow that does not exist and for one that the user may not see."""
    return NotFound("flow_not_found", "Fluxo não encontrado.")


CONFIGURE = "attendance.configure"
