"""An example of each body that is sent or answered, made of its schema: every property has the value that its name
(or, where that means another thing there, its schema) has in the tables, else what the schema itself says of it.

A request has its example beside it. An answer is the same for many operations, so its example is a component that they
refer to. Works on the finished document, and changes it in place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from gateway.http.document import example_answers, example_records, example_values
from gateway.http.document.answers import PLACE, operations
from gateway.http.document.example_records import Like
from gateway.http.document.example_values import LEFT_OUT
from gateway.http.document.properties import DOES

Schema = dict[str, Any]
KINDS = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
FORMATS = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT.+"),
    "decimal": re.compile(r"-?\d+(\.\d+)?"),
    "email": re.compile(r".+@.+"),
}
JSON = "application/json"
BODIES = re.compile(r"application/json|.*yaml")
EXAMPLES = "#/components/examples/"
# An answer's schema is called without what was done with it, or how much of it there is.
DONE = re.compile(
    r"^(?:Agenda|Closed|Company|Created|Deleted|Made|New|Opened|Quote(?=Link)|Recorded|Registered|Saved)(?=[A-Z])"
    r"|(?:Details|OfBoard|Summary|WithTotals)$"
)


class Tables(NamedTuple):
    """Where values come from. `own`: a schema's own ones, which win; `known`: others of a property, the best first;
    `references`: id and name of the record that a property refers to."""

    own: Callable[[str], dict[str, Any]]
    known: Callable[[str, str], Iterable[Any]]
    references: dict[str, tuple[str, str]]


def put_into(document: dict[str, Any]) -> None:
    sent, answered = (Maker(document["components"]["schemas"], tables) for tables in (SENT, ANSWERED))
    shown: dict[str, Any] = document["components"].setdefault("examples", {})
    for _, _, operation in operations(document):
        for kind, body in operation.get("requestBody", {}).get("content", {}).items():
            if BODIES.fullmatch(kind) and "$ref" in body["schema"]:
                body["example"] = sent.of(_name_of(body["schema"]))
        for body in answered_by(operation):
            name = _name_of(body["schema"])
            shown[name] = {"summary": "Exemplo", "value": answered.of(name)}
            body["examples"] = {name: {"$ref": EXAMPLES + name}}


def answered_by(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the operation answers in JSON when it succeeds."""
    for status, answer in operation["responses"].items():
        if status.startswith("2") and JSON in answer.get("content", {}):
            yield answer["content"][JSON]


class Maker:
    """Makes the example of each schema once: those that hold it share it."""

    def __init__(self, schemas: dict[str, Schema], tables: Tables) -> None:
        self._schemas = schemas
        self._tables = tables
        self._made: dict[str, dict[str, Any]] = {}

    def of(self, name: str) -> dict[str, Any]:
        """An example of the schema of this name. A property without a value is left out: a contract test finds it."""
        if name not in self._made:
            fields = self._schemas[name].get("properties", {})
            made = {field: self._value(name, field, schema) for field, schema in fields.items()}
            self._made[name] = {field: value for field, value in made.items() if value is not LEFT_OUT}
        return self._made[name]

    def _value(self, name: str, field: str, schema: Schema) -> Any:
        own = self._tables.own(name)
        if field in own:
            return self.of(own[field].schema) if isinstance(own[field], Like) else own[field]
        for known in self._tables.known(name, field):
            if known is not LEFT_OUT and _fits(known, schema):
                return known
        nested = next((one for one in (schema, *schema.get("anyOf", ())) if "$ref" in one), None)
        if nested is not None:
            return self._nested(field, _name_of(nested))
        if "$ref" in schema.get("items", {}):
            return [self._nested(field, _name_of(schema["items"]))]
        return _of_itself(schema)

    def _nested(self, field: str, name: str) -> dict[str, Any]:
        known = self._tables.references.get("by" if field.endswith("_by") else field)
        if known is None or not {"id", "name"} <= self._schemas[name].get("properties", {}).keys():
            return self.of(name)
        return {**self.of(name), "id": known[0], "name": known[1]}


def _of_itself(schema: Schema) -> Any:
    """A value by the schema alone: its default, the first one of a closed list, or an example of its format or type."""
    if schema.get("default") is not None:
        return schema["default"]
    if "enum" in schema:
        return schema["enum"][0]
    if "enum" in schema.get("items", {}):
        return schema["items"]["enum"][:1]
    return example_values.OF_FORMAT.get(schema.get("format", _kinds(schema)[0]), LEFT_OUT)


def _fits(value: Any, schema: Schema) -> bool:
    """Whether the value is valid for the schema: properties of one name may have other kinds of values elsewhere."""
    if value is None:
        return "null" in _kinds(schema) or {"type": "null"} in schema.get("anyOf", ())
    if "enum" in schema:
        return value in schema["enum"]
    if KINDS[type(value)] not in _kinds(schema) or "$ref" in schema.get("items", {}):
        return False
    if isinstance(value, list):
        return all(_fits(one, schema.get("items", {})) for one in value)
    if not isinstance(value, str):
        return True
    form = FORMATS.get(schema.get("format", ""))
    return (form is None or bool(form.fullmatch(value))) and bool(re.search(schema.get("pattern", ""), value))


def _kinds(schema: Schema) -> list[str]:
    found = schema.get("type", [] if {"$ref", "anyOf"} & schema.keys() else [*KINDS.values()])
    return [found] if isinstance(found, str) else found


def _name_of(schema: Schema) -> str:
    return str(schema["$ref"]).removeprefix(PLACE)


def _sent(_: str, field: str) -> Iterator[Any]:
    if field in example_values.BY_NAME:
        yield example_values.BY_NAME[field]


def _answered(name: str, field: str) -> Iterator[Any]:
    """What was sent under the same name is answered so, too, unless the answers' table says otherwise."""
    yield example_values.OF_SCHEMA.get(DONE.sub("", name), {}).get(field, LEFT_OUT)
    yield from example_answers.BY_NAME.get(field, ())
    yield from _sent(name, field)
    if field == "id":
        yield example_values.RECORD


def _own_of_answer(name: str) -> dict[str, Any]:
    own = example_records.OF_SCHEMA
    return {**own.get(DONE.sub("", name), {}), **own.get(name, {})}


SENT = Tables(lambda name: example_values.OF_SCHEMA.get(DOES.sub("", name), {}), _sent, {})
ANSWERED = Tables(_own_of_answer, _answered, example_answers.REFERENCES)
