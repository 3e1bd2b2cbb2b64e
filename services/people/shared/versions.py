"""Optimistic locking: a change names the version that its caller saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.chassis.errors import Conflict


def _unknown(record: Any, seen: int) -> dict[str, Any]:
    return {}


def refuse_other_version(
    record: Any, seen: int | None, last_change: Callable[[Any, int], dict[str, Any]] = _unknown
) -> None:
    """Raises Conflict("version_changed") unless `seen` is the record's version, or not given.

    `last_change(record, seen)`: who changed it last, and what, as the refusal says.
    """
    if seen is not None and seen != record.version:
        detail = "O registro foi alterado por outra pessoa; carregue-o novamente."
        raise Conflict("version_changed", detail, version=record.version, **last_change(record, seen))
