"""Cells of a CSV that a spreadsheet opens: one that it would run as a formula begins with an apostrophe (OWASP)."""

from __future__ import annotations

import re
import unicodedata

# The sign may stand behind blanks.
FORMULA = re.compile(r"'*+(\s*+[=+\-@|%]|[\t\r])")


def protected(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Also by a form of the sign that a program, or `narrowed`, folds into it: full-width, small, raised..."""
    return bool(FORMULA.match(text if text.isascii() else unicodedata.normalize("NFKD", text)))


def narrowed(text: str, encoding: str = "windows-1252") -> str:
    """`text` as this encoding can write it: a letter that it lacks loses its accent, or becomes a question mark."""
    return "".join(_letter(char, encoding) for char in text)


def _letter(char: str, encoding: str) -> str:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return unicodedata.normalize("NFKD", char)[0].encode(encoding, errors="replace").decode(encoding)
    return char


def unprotected(text: str) -> str:
    """The text that `protected` was given, for a CSV that comes back."""
    return text[1:] if text.startswith("'") and _is_formula(text) else text
