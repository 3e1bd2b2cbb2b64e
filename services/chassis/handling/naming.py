"""The names of the records that an answer refers to (references.py), looked up once it is written.

It is outside of the command's transaction, and for an answer that was kept, too: names are as they are now, and a
transaction asks for none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any

from marshmallow import Schema, fields

from services.chassis.handling.session import Session
from services.chassis.references import Reference, References
from services.chassis.schemas import instance

# By kind, the references that lack their names.
Unnamed = dict[str, list[dict[str, Any]]]
Gather = Callable[[dict[str, Any], Unnamed], None]


def give_names(schema: type[Schema], answer: Any, session: Callable[[], Session]) -> Any:
    """The answer, completed in place; `session()` is made only where a name is asked for."""
    gather = _gatherer(schema)
    unnamed: Unnamed = defaultdict(list)
    if gather is not None and isinstance(answer, dict):
        gather(answer, unnamed)
    if unnamed:
        asked = session()
        for kind, references in unnamed.items():
            names = asked.names_of(kind, {reference["id"] for reference in references})
            for reference in references:
                reference["name"] = names.get(reference["id"])
    return answer


@cache
def _gatherer(schema: type[Schema]) -> Gather | None:
    """What finds the references of an answer; None where a schema has none, and none within."""
    if not _refers(schema, set()):
        return None
    parts = [(field.data_key or name, _part(field)) for name, field in instance(schema).dump_fields.items()]
    found = [(key, part) for key, part in parts if part is not None]

    def gather(answer: dict[str, Any], unnamed: Unnamed) -> None:
        for key, part in found:
            value = answer.get(key)
            if value is not None:
                part(value, unnamed)

    return gather


def _part(field: Any) -> Callable[[Any, Unnamed], None] | None:
    if isinstance(field, Reference):
        return lambda value, unnamed: _note(field.kind, [value], unnamed)
    if isinstance(field, References):
        return lambda values, unnamed: _note(field.kind, values, unnamed)
    if isinstance(field, fields.List):
        return _each(_part(field.inner))
    if isinstance(field, fields.Nested) and _refers(type(field.schema), set()):
        schema, many = type(field.schema), field.many or field.schema.many
        return lambda value, unnamed: _within(schema, value if many else [value], unnamed)
    return None


def _within(schema: type[Schema], answers: list[dict[str, Any]], unnamed: Unnamed) -> None:
    gather = _gatherer(schema)
    for answer in answers:
        if gather is not None and answer is not None:
            gather(answer, unnamed)


def _each(part: Callable[[Any, Unnamed], None] | None) -> Callable[[Any, Unnamed], None] | None:
    if part is None:
        return None

    def each(values: Any, unnamed: Unnamed) -> None:
        for value in values:
            part(value, unnamed)

    return each


def _note(kind: str, references: list[dict[str, Any]], unnamed: Unnamed) -> None:
    for reference in references:
        if reference["name"] is None and reference["id"] is not None:
            unnamed[kind].append(reference)


def _refers(schema: type[Schema], seen: set[type[Schema]]) -> bool:
    """Whether there is a reference in it, or in what is nested in it, however deep; a schema may hold itself."""
    if schema in seen:
        return False
    seen.add(schema)
    return any(_holds(field, seen) for field in instance(schema).dump_fields.values())


def _holds(field: Any, seen: set[type[Schema]]) -> bool:
    if isinstance(field, Reference | References):
        return True
    if isinstance(field, fields.List):
        return _holds(field.inner, seen)
    return isinstance(field, fields.Nested) and _refers(type(field.schema), seen)
