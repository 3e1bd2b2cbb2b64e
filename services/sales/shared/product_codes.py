"""Comparing product codes, everywhere in sales (rows S15, S17, S19, S22, S24).

No framework, store or clock may enter.
"""

from __future__ import annotations

import unicodedata

# Unicode categories of invisible characters (format, control), which pasting brings along.
UNSEEN = ("Cf", "Cc")


def product_key(code: str) -> str:
    """The key by which codes are compared and found; users see codes as they were written.

    It ignores case, Unicode composition and width, outer and repeated blanks, and the leading zeros of codes that are
    only digits, because spreadsheets make 7 of 007. Accents and signs count: `P-1` is not `P1`, `007-A` is not `7-A`.
    """
    key = spelled_alike(code)
    return key.lstrip("0") or "0" if key.isascii() and key.isdigit() else key


def spelled_alike(code: str) -> str:
    """As `product_key`, with leading zeros: the key of the previous version."""
    whole = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", code).casefold())
    seen = "".join(" " if sign.isspace() else sign for sign in whole if sign.isspace() or not _unseen(sign))
    return " ".join(seen.split()) or code


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN
