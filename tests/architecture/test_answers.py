"""What services answer and announce is typed to the last field: nothing reaches the wire that is not plain JSON."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields

from deploy.topology import SERVICES
from services.chassis.process.runtime import Service
from services.chassis.schemas import Event, JsonValue, instance

# "<schema>.<field>": why it may pass anything. Prefer JsonValue and json_object (chassis/schemas.py).
EXPLAINED = {"Attachment.staged": "a function that answers True or False"}


def promised(service: type[Service]) -> list[type[Schema]]:
    methods = inspect.getmembers(service, inspect.isfunction)
    gives = [vars(method)["chassis_promise"].gives for _, method in methods if "chassis_promise" in vars(method)]
    events: tuple[Event, ...] = importlib.import_module(f"services.{service.name}.events").EVENTS
    return [*gives, *(event.schema for event in events)]


def untyped(schema: Schema, seen: set[type[Schema]]) -> Iterator[str]:
    """Fields through which anything passes, of the schema and all that it nests."""
    if type(schema) in seen:
        return
    seen.add(type(schema))
    for name, field in schema.fields.items():
        yield from _untyped(f"{type(schema).__name__}.{name}", field, seen)


def _untyped(place: str, field: Any, seen: set[type[Schema]]) -> Iterator[str]:
    if isinstance(field, JsonValue):
        return
    if isinstance(field, fields.Nested):
        yield from untyped(field.schema, seen)
    elif isinstance(field, fields.List):
        yield from _untyped(place, field.inner, seen)
    elif isinstance(field, fields.Mapping):
        if field.value_field is None or field.key_field is None:
            yield place
        else:
            yield from _untyped(place, field.value_field, seen)
    elif type(field) is fields.Field or isinstance(field, fields.Raw | fields.Function | fields.Method):
        yield place


@pytest.mark.parametrize("service", SERVICES)
def test_no_field_of_an_answer_or_event_passes_anything(service: type[Service]) -> None:
    seen: set[type[Schema]] = set()
    found = {place for schema in promised(service) for place in untyped(instance(schema), seen)}
    assert len(seen) > 3
    assert found <= set(EXPLAINED)


def test_the_rule_finds_what_is_untyped_at_any_depth() -> None:
    inner = Schema.from_dict({"loose": fields.Raw()}, name="Inner")
    outer = Schema.from_dict(
        {
            "rows": fields.List(fields.Nested(inner)),
            "map": fields.Dict(keys=fields.String(), values=fields.List(fields.Raw())),
            "bare": fields.Dict(),
            "typed": fields.Dict(keys=fields.String(), values=JsonValue()),
        },
        name="Outer",
    )
    assert set(untyped(outer(), set())) == {"Inner.loose", "Outer.map", "Outer.bare"}
