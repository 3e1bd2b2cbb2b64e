"""Limits the letters of a mailing in one PDF, which is typeset in a thread that other requests need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MOST_LETTERS, PAGE = 500, 100
# In lines; some 1,500 are typeset in a second.
MOST_WORK = 12_000
# So many characters take as long as one more line.
CHARACTERS_A_LINE = 100

# Returns a page of letters: those after the cursor, at most so many.
Ask = Callable[[str | None, int], Any]


def printable(ask: Ask, cursor: str | None) -> dict[str, Any]:
    """The letters of one PDF as one page. The first one's length decides how many, since all are about as long."""
    letters: list[Any] = []
    most, begun = 1, False
    while not begun or (cursor and len(letters) < most):
        page = ask(cursor, min(most - len(letters), PAGE))
        letters, cursor, begun = [*letters, *page["items"]], page["next_cursor"], True
        if letters:
            most = max(min(MOST_WORK // _work(letters[0]), MOST_LETTERS), 1)
    return {**page, "items": letters}


def _work(letter: dict[str, Any]) -> int:
    text = letter["text"]
    return 1 + len(text.splitlines()) + len(text) // CHARACTERS_A_LINE
