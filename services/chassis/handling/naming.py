"""Fills in the names of the records that an answer refers to (references.py).

This happens after a command's transaction, and for a stored answer too: so the names are the present ones, and no
transaction reads them.
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

# By kind of record, the references that have no name yet.
Unnamed = dict[str, list[dict[str, Any]]]
Gather = Callable[[dict[str, Any], Unnamed], None]


def give_names(schema: type[Schema], answer: Any, session: Callable[[], Session]) -> Any:
    """Completes the answer in place and returns it; `session()` is called only where a name is missing."""
    gather = _gatherer(schema)
    unnamed: Unnamed = defaultdict(list)
    if gather is not None and isinstance(answer, dict):
        gather(answer, unnamed)
    if unnamed:
        reading = session()
        for kind, references in unnamed.items():
            names = reading.names_of(kind, {reference["id"] for reference in references})
            for reference in references:
                reference["name"] = names.get(reference["id"])
    return answer


@cache
def _gatherer(schema: type[Schema]) -> Gather | None:
    """The function that gathers the unnamed references of an answer; None where the schema has no reference."""
    if not _has_references(schema, set()):
        return None
    every = [(field.data_key or name, _field_gatherer(field)) for name, field in instance(schema).dump_fields.items()]
    gatherers = [(key, gather_field) for key, gather_field in every if gather_field is not None]

    def gather(answer: dict[str, Any], unnamed: Unnamed) -> None:
        for key, gather_field in gatherers:
            value = answer.get(key)
            if value is not None:
                gather_field(value, unnamed)

    return gather


def _field_gatherer(field: Any) -> Callable[[Any, Unnamed], None] | None:
    if isinstance(field, Reference):
        return lambda value, unnamed: _add_unnamed(field.kind, [value], unnamed)
    if isinstance(field, References):
        return lambda values, unnamed: _add_unnamed(field.kind, values, unnamed)
    if isinstance(field, fields.List):
        return _for_each(_field_gatherer(field.inner))
    if isinstance(field, fields.Nested) and _has_references(type(field.schema), set()):
        schema, many = type(field.schema), field.many or field.schema.many
        return lambda value, unnamed: _gather_nested(schema, value if many else [value], unnamed)
    return None


def _gather_nested(schema: type[Schema], answers: list[dict[str, Any]], unnamed: Unnamed) -> None:
    gather = _gatherer(schema)
    for answer in answers:
        if gather is not None and answer is not None:
            gather(answer, unnamed)


def _for_each(gather_item: Callable[[Any, Unnamed], None] | None) -> Callable[[Any, Unnamed], None] | None:
    if gather_item is None:
        return None

    def gather_list(values: Any, unnamed: Unnamed) -> None:
        for value in values:
            gather_item(value, unnamed)

    return gather_list


def _add_unnamed(kind: str, references: list[dict[str, Any]], unnamed: Unnamed) -> None:
    for reference in references:
        if reference["name"] is None and reference["id"] is not None:
            unnamed[kind].append(reference)


def _has_references(schema: type[Schema], visited: set[type[Schema]]) -> bool:
    """Whether the schema has a reference at any depth; `visited` ends the recursion of a schema that nests itself."""
    if schema in visited:
        return False
    visited.add(schema)
    return any(_field_has_references(field, visited) for field in instance(schema).dump_fields.values())


def _field_has_references(field: Any, visited: set[type[Schema]]) -> bool:
    if isinstance(field, Reference | References):
        return True
    if isinstance(field, fields.List):
        return _field_has_references(field.inner, visited)
    return isinstance(field, fields.Nested) and _has_references(type(field.schema), visited)
