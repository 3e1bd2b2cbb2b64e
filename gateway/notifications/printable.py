"""How many letters of a mailing become one PDF: they are typeset on a thread of the gateway, which others share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MOST_LETTERS, PAGE = 500, 100
# In lines, of which some 1,500 are set in a second.
MOST_WORK = 12_000
# So many characters of prose take as long as a line of their own.
CHARACTERS_A_LINE = 100

# Gives the page of letters after a cursor, with so many at most.
Ask = Callable[[str | None, int], Any]


def printable(ask: Ask, cursor: str | None) -> dict[str, Any]:
    """The letters of one PDF as one page. All letters of a mailing are about as long as its first."""
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
