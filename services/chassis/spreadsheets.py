"""Protection of CSV cells against formula injection (OWASP), and their encoding for Windows."""

from __future__ import annotations

import re
import unicodedata

# Blanks may precede the sign.
FORMULA = re.compile(r"'*+(\s*+[=+\-@|%]|[\t\r])")


def protect(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Compatibility forms of a sign (full-width, small, raised) count too: programs and `transliterate` fold them."""
    return bool(FORMULA.match(text if text.isascii() else unicodedata.normalize("NFKD", text)))


def transliterate(text: str, encoding: str = "windows-1252") -> str:
    """The text in the characters of `encoding`: others lose their accent, or become a question mark."""
    return "".join(_letter(char, encoding) for char in text)


def _letter(char: str, encoding: str) -> str:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return unicodedata.normalize("NFKD", char)[0].encode(encoding, errors="replace").decode(encoding)
    return char


def unprotect(text: str) -> str:
    """Undoes `protect`, for a CSV that is imported again."""
    return text[1:] if text.startswith("'") and _is_formula(text) else text
