"""Separates the schemas of requests from those of answers in the API document.

A schema used for both is one class in the code and two schemas in the document: a request may leave out fields with a
default; an answer has every field (but those of schemas.SOMETIMES), no defaults, and decimals as text only. It works on
the finished document, which shows where a schema is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from gateway.http.document.kinds import MARK

Schema = dict[str, Any]
VERBS = ("get", "post", "put", "patch", "delete")
PLACE = "#/components/schemas/"
SENT = "Input"
# Bounds of requests only: an answer may be older than a bound.
BOUNDS = (
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "pattern",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "default",
    "readOnly",
)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, verb and operation."""
    for path, verbs in document["paths"].items():
        yield from ((path, verb, verbs[verb]) for verb in VERBS if verb in verbs)


def separate_sent_from_answered(document: dict[str, Any]) -> None:
    """Changes the document in place."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    sent, answered = set[str](), set[str](schemas_named_in(document["components"].get("responses", {})))
    for _, _, operation in operations(document):
        sent |= schemas_reached_from(operation.get("requestBody", {}), schemas)
        answered |= schemas_reached_from(operation["responses"], schemas)
    answered |= schemas_reached_from([{"$ref": PLACE + name} for name in answered], schemas)
    for name in sorted(sent & answered):
        schemas[name + SENT] = _renamed(deepcopy(schemas[name]), sent & answered)
    for name in sorted(sent - answered):
        schemas[name] = _renamed(schemas[name], sent & answered)
    for _, _, operation in operations(document):
        if "requestBody" in operation:
            operation["requestBody"] = _renamed(operation["requestBody"], sent & answered)
    for name in sent:
        _as_sent(schemas[name + SENT if name in answered else name])
    for name in answered:
        _as_answered(schemas[name])
    for name in schemas.keys() - sent - answered - {f"{name}{SENT}" for name in sent}:
        del schemas[name]


def without_defaults_of_changes(document: dict[str, Any]) -> None:
    """What a PATCH leaves out stays as it is; a generated client would send a default, and overwrite it."""
    for _, verb, operation in operations(document):
        for name in schemas_named_in(operation.get("requestBody", {})) if verb == "patch" else ():
            for one in document["components"]["schemas"][name].get("properties", {}).values():
                one.pop("default", None)


def schemas_named_in(node: Any) -> Iterator[str]:
    """The names of the schemas that a part of the document refers to."""
    if isinstance(node, dict):
        if str(node.get("$ref", "")).startswith(PLACE):
            yield node["$ref"].removeprefix(PLACE)
        for inner in node.values():
            yield from schemas_named_in(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from schemas_named_in(inner)


def schemas_reached_from(node: Any, schemas: dict[str, Schema]) -> set[str]:
    found, new = set[str](), set(schemas_named_in(node))
    while new:
        found |= new
        new = {name for one in new for name in schemas_named_in(schemas[one])} - found
    return found


def _renamed(node: Any, names: set[str]) -> Any:
    """The part of the document with references to these schemas changed to their variants for requests."""
    if isinstance(node, list):
        return [_renamed(inner, names) for inner in node]
    if not isinstance(node, dict):
        return node
    made = {key: _renamed(inner, names) for key, inner in node.items()}
    if str(made.get("$ref", "")).removeprefix(PLACE) in names:
        made["$ref"] += SENT
    return made


def _as_sent(schema: Schema) -> None:
    properties: dict[str, Schema] = schema.get("properties", {})
    for name in [name for name, one in properties.items() if one.get("readOnly")]:
        del properties[name]
    for one in properties.values():
        one.pop(MARK, None)


def _as_answered(schema: Schema) -> None:
    properties: dict[str, Schema] = schema.get("properties", {})
    required = sorted(name for name, one in properties.items() if not one.pop(MARK, False))
    if required:
        schema["required"] = required
    for one in properties.values():
        _without_bounds(one)


def _without_bounds(schema: Schema) -> None:
    for name in BOUNDS:
        schema.pop(name, None)
    if isinstance(schema.get("type"), list) and {"string", "number"} <= {*schema["type"]}:
        kinds = [kind for kind in schema["type"] if kind != "number"]
        schema.update(type=kinds if len(kinds) > 1 else kinds[0], format="decimal")
    for inner in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(inner, dict):
            _without_bounds(inner)
