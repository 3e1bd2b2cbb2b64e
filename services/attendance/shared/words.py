"""The words and prefixes by which texts are searched, without case or accents. Pure: no store, no clock."""

from __future__ import annotations

import re

from services.chassis.texts import fold

MAX_WORDS = 40
MAX_PREFIX = 16
SORTED_LENGTH = 80


def words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def prefixes(text: str) -> set[str]:
    """The prefixes, from two letters on, by which each word of `text` is found."""
    found: set[str] = set()
    for word in words(text)[:MAX_WORDS]:
        found.update(word[:size] for size in range(min(2, len(word)), min(len(word), MAX_PREFIX) + 1))
    return found
