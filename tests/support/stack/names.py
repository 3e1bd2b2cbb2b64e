"""What the last release called a thing's subject: for callers that speak with it and with this tree (ADR 0039)."""

from __future__ import annotations

from typing import Any

BEFORE = {"attendances": "title", "opportunities": "description"}


def as_before(path: str, body: Any) -> Any:
    """The body by the names of the last release; None where it has none of another name."""
    name = BEFORE.get(path.rpartition("/")[2])
    if name is None or not isinstance(body, dict) or "subject" not in body:
        return None
    return {name if key == "subject" else key: value for key, value in body.items()}
