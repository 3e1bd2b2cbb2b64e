"""Texts and phones in the form of the layout: Latin-1 characters, one line, a greatest length.

No framework, store or clock may enter.
"""

from __future__ import annotations

import unicodedata

# Common characters that Latin-1 lacks, and their replacements.
PLAIN = str.maketrans({"–": "-", "—": "-", "‐": "-", "‑": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...",
                       "•": "-", "€": "EUR", "™": "(TM)"})  # fmt: skip


def fitted(text: str, limit: int) -> str:
    """The text in Latin-1, blanks joined, cut to `limit` characters; empty if nothing is left of it."""
    latin = "".join(_latin(char) for char in text.translate(PLAIN))
    return " ".join(latin.split())[:limit].rstrip()


def _latin(char: str) -> str:
    if char.isspace() or unicodedata.category(char).startswith("C"):
        return " "
    if "!" <= char <= "ÿ":
        return char
    plain = (part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    return "".join(part for part in plain if "!" <= part <= "ÿ")


def digits(text: str | None) -> str:
    return "".join(char for char in text or "" if char in "0123456789")


def national_phone(e164: str | None) -> str:
    """The digits without Brazil's country code; empty if the layout cannot hold them (6 to 14 digits)."""
    found = digits(e164)
    if (e164 or "").startswith("+55"):
        found = found[2:]
    return found if 6 <= len(found) <= 14 else ""
