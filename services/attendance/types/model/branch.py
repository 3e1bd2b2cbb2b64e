"""A branch of the tree of types: a group with all that is under it (rows A16, A17). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from services.attendance.types.model.types import LEAF, Type
from services.chassis.errors import Conflict, NotFound

# Each type of a branch is one look into an index.
MAX_LEAVES = 60


def leaves_of(type_id: str, types: Iterable[Type]) -> list[str]:
    """The leaves under a type, or the type itself where it is one.

    Raises NotFound("type_not_found") or Conflict("branch_too_wide").
    """
    known = {one.id: one for one in types}
    if type_id not in known:
        raise NotFound("type_not_found", f"O tipo de atendimento “{type_id}” não existe.")
    below: dict[str | None, list[Type]] = {}
    for one in known.values():
        below.setdefault(one.parent_id, []).append(one)
    found, waiting = [], [known[type_id]]
    while waiting:
        one = waiting.pop()
        if one.kind == LEAF:
            found.append(one.id)
        waiting += below.get(one.id, [])
    if len(found) > MAX_LEAVES:
        raise Conflict("branch_too_wide", f"O grupo tem mais de {MAX_LEAVES} tipos; consulte um grupo menor.")
    return sorted(found)
