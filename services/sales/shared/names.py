"""Comparing names that users choose."""

from __future__ import annotations

from services.chassis.texts import fold


def same_name(one: str, other: str) -> bool:
    """Whether the names are equal without case, accents and outer blanks."""
    return fold(one.strip()) == fold(other.strip())
