"""When two names that people chose are the same one."""

from __future__ import annotations

from services.chassis.texts import fold


def same_name(one: str, other: str) -> bool:
    """Regardless of case, accents and outer blanks."""
    return fold(one.strip()) == fold(other.strip())
