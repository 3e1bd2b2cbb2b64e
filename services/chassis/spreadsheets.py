"""Cells of a CSV that a spreadsheet opens: one that it would run as a formula begins with an apostrophe (OWASP)."""

from __future__ import annotations

import re

# Also behind blanks, and in the full-width forms that some programs fold.
FORMULA = re.compile(r"'*(\s*[=+\-@|%＝＋－＠]|[\t\r])")


def protected(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def unprotected(text: str) -> str:
    """What `protected` was given: for a CSV that comes back."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
