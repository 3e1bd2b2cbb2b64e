"""Searching persons as a user does, by page and by id."""

from __future__ import annotations

from typing import Any

from tests.support.builders import people
from tests.support.stack.system import Client


def found(client: Client, q: str, **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/v1/persons", params={"q": q, **params})["items"]
    return items


def ids(client: Client, q: str, **params: Any) -> list[str]:
    return [person["id"] for person in found(client, q, **params)]


def pages(client: Client, q: str, limit: int) -> list[list[str]]:
    """The ids of each page, to the last."""
    seen, cursor = [], None
    while True:
        page = client.get("/v1/persons", params={"q": q, "limit": limit, **({"cursor": cursor} if cursor else {})})
        seen.append([item["id"] for item in page["items"]])
        cursor = page["next_cursor"]
        if cursor is None:
            return seen


def butcher(client: Client) -> dict[str, Any]:
    """A person with everything that persons are found by, and its `word`."""
    word = people.unique_word()
    return {
        "word": word,
        **client.register(
            f"Açougue São {word} Ltda.",
            short_name="Boi Bom",
            trade_name=f"Casa D'Ávila {word}",
            document=people.cnpj(),
            state_registration="isento",
            category_ids=["client"],
            emails=[{"address": f"{word.lower()}@boi.example", "main": True}],
            phones=[{"number": people.phone(), "main": True}],
        ),
    }
