"""When two names that people chose are the same one."""

from __future__ import annotations

import unicodedata


def same_name(one: str, other: str) -> bool:
    """Regardless of case, accents and outer blanks."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
