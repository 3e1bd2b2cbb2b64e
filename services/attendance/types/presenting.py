"""A type as it appears in responses."""

from __future__ import annotations

from typing import Any

from services.attendance.types.model.types import Tree, Type


def present_type(tree: Tree, one: Type) -> dict[str, Any]:
    """The fields of `contract.Type`."""
    return {**vars(one), "effective": tree.effective(one)}
