"""The error codes of each operation in the API document, from the table refusals.json beside this module.

The tests record the codes that they see (tests/support/refusals.py), write the table from them and compare it with
them; nobody edits it by hand. `everywhere` has the codes that the gateway itself can answer to any operation.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from gateway.http.document.answers import operations

TABLE = Path(__file__).with_name("refusals.json")
PROBLEM = "application/problem+json"
REQUEST_ID = "4f0c9d2b7a1e4c58"

Codes = dict[str, list[str]]


@cache
def table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return found


def put_into(document: dict[str, Any]) -> None:
    """Changes the document in place: each status with its codes, and the problem of the first as an example."""
    components = document["components"]["responses"]
    for status, codes in table()["everywhere"].items():
        if f"Problem{status}" in components:
            components[f"Problem{status}"] = _with_codes(components[f"Problem{status}"], status, codes)
    for _, _, operation in operations(document):
        own: dict[str, Codes] = table()["operations"]
        for status, codes in own.get(operation["operationId"], {}).items():
            shared = components.get(f"Problem{status}")
            if shared is not None:
                operation["responses"][status] = _with_codes(shared, status, codes)


def _with_codes(response: dict[str, Any], status: str, codes: list[str]) -> dict[str, Any]:
    """The response with `codes` beside those that it has already; the first of them is the example."""
    known = response.get("x-codes", [])
    title = response["description"].partition(" (")[0]
    every = [*known, *(code for code in codes if code not in known)]
    content = {"schema": response["content"][PROBLEM]["schema"], "example": _problem(codes[0], int(status), title)}
    words = f"{title} ({', '.join(f'`{code}`' for code in every)})"
    return {"description": words, "x-codes": every, "content": {PROBLEM: content}}


def _problem(code: str, status: int, title: str) -> dict[str, Any]:
    problem = {"title": title, "status": status, "code": code, "detail": table()["details"][code]}
    return {"type": f"urn:vinculo:problem:{code}", **problem, "request_id": REQUEST_ID}
