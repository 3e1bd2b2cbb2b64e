"""What services answer and announce is typed to the last field: nothing reaches the wire that is not plain JSON."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from marshmallow import Schema, fields

from deploy.topology import SERVICES
from services.chassis.inputs import Base64
from services.chassis.process.service import Service
from services.chassis.schemas import Event, JsonValue, instance

# "<schema>.<field>": why it may pass anything. Prefer JsonValue and json_object (chassis/schemas.py).
EXPLAINED = {"Attachment.staged": "a function that answers True or False"}

# What a use case may put into a field of each kind: the first that it is.
VALUES: tuple[tuple[type[fields.Field[Any]], Any], ...] = (
    (fields.Decimal, Decimal("1.10")),
    (fields.Integer, 1),
    (fields.Boolean, True),
    (fields.DateTime, dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)),
    (fields.Date, dt.date(2026, 11, 24)),
    (JsonValue, {"a": [1, None]}),
    (Base64, b"a"),
    (fields.Function, None),
    (fields.String, "a"),
)


def promised(service: type[Service]) -> list[type[Schema]]:
    methods = inspect.getmembers(service, inspect.isfunction)
    gives = [vars(method)["chassis_rpc"].gives for _, method in methods if "chassis_rpc" in vars(method)]
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


class Record(dict[str, Any]):
    """A record of anything, for a field that is a function of it."""

    def __getattr__(self, name: str) -> Any:
        return self.get(name)


def filled(schema: Schema) -> Record:
    """What a use case may answer, with everything in it, as values of Python."""
    return Record({field.attribute or name: _value_of(field) for name, field in schema.fields.items()})


def _value_of(field: Any) -> Any:
    if isinstance(field, fields.Nested):
        inner = filled(field.schema)
        return [inner] if field.many or field.schema.many else inner
    if isinstance(field, fields.List):
        return [_value_of(field.inner)]
    if isinstance(field, fields.Mapping):
        return {"a": _value_of(field.value_field) if field.value_field else Decimal(1)}
    known = [value for kind, value in VALUES if isinstance(field, kind)]
    return known[0] if known else Decimal(1)


def not_json(schema: Schema) -> str | None:
    """Why an answer of the schema can't be written, filled with values of Python."""
    try:
        json.dumps(schema.dump(filled(schema)), allow_nan=False)
    except (TypeError, ValueError) as error:
        return f"{type(schema).__name__}: {error}"
    return None


@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_and_event_with_everything_in_it_is_json(service: type[Service]) -> None:
    assert [told for schema in promised(service) if (told := not_json(instance(schema)))] == []


def test_the_rule_finds_what_its_field_lets_through_as_no_json() -> None:
    loose: dict[str, fields.Field[Any]] = {
        "number": fields.Decimal(),
        "bare": fields.Dict(),
        "unknown": fields.Raw(),
        "row": fields.Nested(Schema.from_dict({"amount": fields.Decimal()})),
        "rows": fields.List(fields.Decimal()),
    }
    for name, field in loose.items():
        assert not_json(Schema.from_dict({name: field})()), name
    assert not_json(Schema.from_dict({"number": fields.Decimal(as_string=True), "at": fields.DateTime()})()) is None


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
