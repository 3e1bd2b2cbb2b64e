"""When two product codes are the same one: in surplus, commission rates and fiscal data (rows S15, S19, S22).

No framework, store or clock may enter.
"""

from __future__ import annotations

import unicodedata

# of format (zero width, direction) and of control: nobody sees them, and pasting brings them
UNSEEN = ("Cf", "Cc")


def product_key(code: str) -> str:
    """What a code is compared and found by; what is shown stays as it was written.

    Regardless of case, of how letters are composed or how wide they are, and of blanks around it, or doubled within.
    Accents and signs count: `P-1` is not `P1`.
    """
    whole = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", code).casefold())
    seen = "".join(" " if sign.isspace() else sign for sign in whole if sign.isspace() or not _unseen(sign))
    return " ".join(seen.split()) or code


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN
