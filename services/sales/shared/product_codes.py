"""When two product codes are the same one: everywhere in sales (rows S15, S17, S19, S22, S24).

No framework, store or clock may enter.
"""

from __future__ import annotations

import unicodedata

# of format (zero width, direction) and of control: nobody sees them, and pasting brings them
UNSEEN = ("Cf", "Cc")


def product_key(code: str) -> str:
    """What a code is compared and found by; what is shown stays as it was written.

    Regardless of case, of how letters are composed or how wide they are, of blanks around it, or doubled within, and of
    leading zeros where it has digits only: a spreadsheet makes 7 of 007. Accents and signs count: `P-1` is not `P1`,
    and `007-A` is not `7-A`.
    """
    key = spelled_alike(code)
    return key.lstrip("0") or "0" if key.isascii() and key.isdigit() else key


def spelled_alike(code: str) -> str:
    """The same with leading zeros: by this the previous version finds codes."""
    whole = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", code).casefold())
    seen = "".join(" " if sign.isspace() else sign for sign in whole if sign.isspace() or not _unseen(sign))
    return " ".join(seen.split()) or code


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN
