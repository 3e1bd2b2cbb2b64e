"""Categories and characteristics of a company's own."""

from __future__ import annotations

from typing import Any

from tests.support.builders import people
from tests.support.stack.system import Client


def own(client: Client, catalogue: str, **fields: Any) -> dict[str, Any]:
    """A new one of the catalogue: `categories` or `characteristics`."""
    made: dict[str, Any] = client.post(f"/v1/{catalogue}", {"name": people.unique_word(), **fields})
    return made


def patch(client: Client, path: str, **fields: Any) -> Any:
    return client.patch(path, fields)
