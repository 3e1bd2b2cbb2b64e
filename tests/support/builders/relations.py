"""Relations between persons, made and listed."""

from __future__ import annotations

from typing import Any

from tests.support.stack.system import Client


def relate(client: Client, person: dict[str, Any], other: dict[str, Any], kind: str) -> Any:
    return client.post(f"/v1/persons/{person['id']}/related", {"related_id": other["id"], "kind": kind})


def related(client: Client, person: dict[str, Any], **params: Any) -> list[tuple[str, str]]:
    """Name and kind of each."""
    items = client.get(f"/v1/persons/{person['id']}/related", params=params)["items"]
    return [(item["person"]["name"], item["kind"]) for item in items]
