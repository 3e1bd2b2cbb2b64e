"""The committed API document, as tests of it read it: its schemas, those of answers and those of what is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from gateway.http.document.answers import operations, schemas_reached_from
from tests.contract.write_openapi import COMMITTED

Schema = dict[str, Any]
# Whose members are named by us, and not by JSON Schema.
NAMES = ("properties", "schemas", "parameters", "responses", "paths")


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(COMMITTED.read_text())
    return found


def schemas() -> dict[str, Schema]:
    found: dict[str, Schema] = document()["components"]["schemas"]
    return found


def _reached_from(node: Any) -> set[str]:
    return schemas_reached_from(node, schemas())


def answered_schemas() -> set[str]:
    of_problems = _reached_from(document()["components"]["responses"])
    return of_problems | {name for _, _, one in operations(document()) for name in _reached_from(one["responses"])}


def sent_schemas() -> set[str]:
    return {name for _, _, one in operations(document()) for name in _reached_from(one.get("requestBody", {}))}


def parts(schema: Any) -> Iterator[Schema]:
    """The schema and all schemas in it; examples are none."""
    if isinstance(schema, dict):
        yield schema
        for name, inner in schema.items():
            if name not in ("example", "examples"):
                yield from parts([*inner.values()] if name in NAMES and isinstance(inner, dict) else inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from parts(inner)


def kinds(part: Schema) -> set[str]:
    return {part["type"]} if isinstance(part["type"], str) else {*part["type"]}
