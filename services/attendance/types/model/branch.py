"""A branch of the tree of types: a group with all types under it (rows A16, A17). Pure: no store, no clock."""

from __future__ import annotations

from collections.abc import Iterable

from services.attendance.types.model.types import LEAF, Type
from services.chassis.errors import Conflict, NotFound

# A query reads an index once for each type of a branch.
MAX_LEAVES = 60


def leaves_of(type_id: str, types: Iterable[Type]) -> list[str]:
    """The leaves under a type, or the type itself where it is one.

    Raises NotFound("type_not_found") or Conflict("branch_too_wide").
    """
    by_id = {node.id: node for node in types}
    if type_id not in by_id:
        raise NotFound("type_not_found", f"O tipo de atendimento “{type_id}” não existe.")
    children: dict[str | None, list[Type]] = {}
    for node in by_id.values():
        children.setdefault(node.parent_id, []).append(node)
    leaves, waiting = [], [by_id[type_id]]
    while waiting:
        node = waiting.pop()
        if node.kind == LEAF:
            leaves.append(node.id)
        waiting += children.get(node.id, [])
    if len(leaves) > MAX_LEAVES:
        raise Conflict("branch_too_wide", f"O grupo tem mais de {MAX_LEAVES} tipos; consulte um grupo menor.")
    return sorted(leaves)
