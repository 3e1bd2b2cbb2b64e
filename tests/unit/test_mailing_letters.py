"""Row N6: how many letters become one PDF."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.notifications.printable import MOST_LETTERS, printable


@pytest.mark.parametrize(
    ("text", "there", "printed"),
    [("Olá!", 600, MOST_LETTERS), ("Olá!", 30, 30), ("x\n" * 10_000, 600, 1), ("prosa " * 3_333, 600, 59), ("", 0, 0)],
)
def test_a_pdf_holds_as_many_letters_as_are_set_in_some_seconds(text: str, there: int, printed: int) -> None:
    def ask(cursor: str | None, limit: int) -> Any:
        first = int(cursor or 0)
        last = min(first + limit, there)
        return {"items": [{"text": text}] * (last - first), "next_cursor": str(last) if last < there else None}

    page = printable(ask, None)
    assert len(page["items"]) == printed
    assert page["next_cursor"] == (str(printed) if printed < there else None)


def test_erased_persons_at_the_beginning_do_not_end_it() -> None:
    def ask(cursor: str | None, limit: int) -> Any:
        number = int(cursor or 0)
        return {
            "items": [{"text": "Oi"}] if number >= 3 else [],
            "next_cursor": str(number + 1) if number < 5 else None,
        }

    assert len(printable(ask, None)["items"]) == 3
