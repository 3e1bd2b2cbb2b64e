"""Texts as they are compared, sorted and searched: without case, accents or doubled spaces. Pure."""

from __future__ import annotations

import re
import unicodedata

MAX_WORDS = 40
MAX_PREFIX = 16
SORTED_LENGTH = 80


def fold(text: str) -> str:
    """`  Ação   Nova ` and `acao nova` are the same."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def prefixes(text: str) -> set[str]:
    """The beginnings, from two letters on, by which each word of `text` is found."""
    found: set[str] = set()
    for word in words(text)[:MAX_WORDS]:
        found.update(word[:size] for size in range(min(2, len(word)), min(len(word), MAX_PREFIX) + 1))
    return found
