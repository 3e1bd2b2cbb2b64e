"""Cells of a CSV that a spreadsheet opens: one that it would run as a formula begins with an apostrophe (OWASP)."""

from __future__ import annotations

import re
import unicodedata

# Also behind blanks, and in the full-width forms that some programs fold.
FORMULA = re.compile(r"'*(\s*[=+\-@|%＝＋－＠]|[\t\r])")


def protected(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def narrowed(text: str, encoding: str = "windows-1252") -> str:
    """As a file of this encoding can write it: a letter that it lacks loses its accent, or is a question mark."""
    return "".join(_letter(char, encoding) for char in text)


def _letter(char: str, encoding: str) -> str:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return unicodedata.normalize("NFKD", char)[0].encode(encoding, errors="replace").decode(encoding)
    return char


def unprotected(text: str) -> str:
    """What `protected` was given: for a CSV that comes back."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
