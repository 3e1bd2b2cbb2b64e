"""A type as it is answered."""

from __future__ import annotations

from typing import Any

from services.attendance.types.model.types import Tree, Type


def present_type(tree: Tree, one: Type) -> dict[str, Any]:
    return {**vars(one), "effective": tree.effective(one)}
