"""An example of each body that is sent or answered, made of its schema: every property has the value that its name
(or, where that means another thing there, its schema) has in the table, else what the schema itself says of it.

Works on the finished document, and changes it in place.
"""

from __future__ import annotations

import re
from typing import Any

from gateway.http.document import example_values
from gateway.http.document.answers import PLACE, operations
from gateway.http.document.properties import DOES

Schema = dict[str, Any]
KINDS = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
BODIES = re.compile(r"application/json|.*yaml")


def put_into(document: dict[str, Any]) -> None:
    schemas: dict[str, Schema] = document["components"]["schemas"]
    for _, _, operation in operations(document):
        for kind, body in operation.get("requestBody", {}).get("content", {}).items():
            if BODIES.fullmatch(kind) and "$ref" in body["schema"]:
                body["example"] = of_schema(_name_of(body["schema"]), schemas)


def of_schema(name: str, schemas: dict[str, Schema]) -> dict[str, Any]:
    """An example of the schema of this name. A property without a value is left out: a contract test finds it."""
    own = example_values.OF_SCHEMA.get(DOES.sub("", name), {})
    made = {
        field: own[field] if field in own else _value(field, schema, schemas)
        for field, schema in schemas[name].get("properties", {}).items()
    }
    return {field: value for field, value in made.items() if value is not example_values.LEFT_OUT}


def _value(field: str, schema: Schema, schemas: dict[str, Schema]) -> Any:
    known = example_values.BY_NAME.get(field, example_values.LEFT_OUT)
    if known is not example_values.LEFT_OUT and _fits(known, schema):
        return known
    nested = next((one for one in (schema, *schema.get("anyOf", ())) if "$ref" in one), None)
    if nested is not None:
        return of_schema(_name_of(nested), schemas)
    if "$ref" in schema.get("items", {}):
        return [of_schema(_name_of(schema["items"]), schemas)]
    return _of_itself(schema)


def _of_itself(schema: Schema) -> Any:
    """A value by the schema alone: its default, the first one of a closed list, or an example of its format or type."""
    if schema.get("default") is not None:
        return schema["default"]
    if "enum" in schema:
        return schema["enum"][0]
    if "enum" in schema.get("items", {}):
        return schema["items"]["enum"][:1]
    return example_values.OF_FORMAT.get(schema.get("format", _kinds(schema)[0]), example_values.LEFT_OUT)


def _fits(value: Any, schema: Schema) -> bool:
    """Whether the value is valid for the schema: properties of one name may have other kinds of values elsewhere."""
    if "enum" in schema:
        return value in schema["enum"]
    if schema.get("format") == "email" and "@" not in value:
        return False
    return KINDS[type(value)] in _kinds(schema) and (
        "pattern" not in schema or bool(re.search(schema["pattern"], value))
    )


def _kinds(schema: Schema) -> list[str]:
    found = schema.get("type", ["any"])
    return [found] if isinstance(found, str) else found


def _name_of(schema: Schema) -> str:
    return str(schema["$ref"]).removeprefix(PLACE)
