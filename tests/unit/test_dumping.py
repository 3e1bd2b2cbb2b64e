"""What functions made once write is what marshmallow writes, of every schema that a service answers or tells."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import Schema, fields, post_dump

from deploy.topology import SERVICES
from services.chassis.dumping import dump_of
from services.chassis.schemas import JsonValue, Result, instance
from services.people.persons import contract

NOW = dt.datetime(2026, 11, 24, 15, 30, tzinfo=dt.UTC)
DEPTH = 3


def schemas() -> Iterator[type[Schema]]:
    for service in SERVICES:
        for method in vars(service).values():
            spec = getattr(method, "chassis_rpc", None)
            if spec is not None:
                yield spec.gives
    for service in SERVICES:
        module = __import__(f"services.{service.name}.events", fromlist=["EVENTS"])
        yield from (event.schema for event in module.EVENTS)


def some(field: Any, chance: random.Random, depth: int) -> Any:
    """A value that a use case could answer in the field: sometimes none, sometimes of another type than is written."""
    if chance.random() < 0.15:
        return None
    if isinstance(field, fields.Nested):
        made = [record(field.schema, chance, depth + 1) for _ in range(1 + chance.randrange(2))]
        return made if field.many else made[0]
    if isinstance(field, fields.List):
        return [some(field.inner, chance, depth) for _ in range(chance.randrange(3))]
    if isinstance(field, fields.Dict):
        return {"a": some(field.value_field or fields.String(), chance, depth)}
    known = next(values for kind, values in ATOMS.items() if isinstance(field, kind))
    return chance.choice(known)


ATOMS: dict[type[Any], list[Any]] = {
    fields.Decimal: [Decimal("1.5"), 3, "2.25"],
    fields.Integer: [1, 0, True, "7", 2.0],
    fields.Float: [1.5, 2],
    fields.Boolean: [True, False],
    fields.Time: [dt.time(1, 2)],
    fields.Date: [NOW.date()],
    fields.DateTime: [NOW],
    fields.String: ["a", "ção", b"bytes", 5],
    JsonValue: [{"a": [1, None]}, "x", 2],
    fields.Field: ["x"],
}


def record(schema: Schema, chance: random.Random, depth: int = 0) -> Any:
    """A dict or an object, some of whose fields are missing, and which has others besides."""
    members: dict[str, Any] = {"not_in_the_schema": object()}
    for name, field in schema.dump_fields.items():
        if depth < DEPTH and chance.random() > 0.1:
            members[field.attribute or name] = some(field, chance, depth)
    return members if chance.random() < 0.5 else SimpleNamespace(**members)


def outcome(dump: Any, value: Any) -> Any:
    try:
        return dump(value)
    except (TypeError, ValueError, AttributeError, ArithmeticError, KeyError) as error:
        return type(error)


@pytest.mark.parametrize("schema", sorted(set(schemas()), key=str))
def test_every_answer_and_event_is_written_as_marshmallow_writes_it(schema: type[Schema]) -> None:
    chance = random.Random(schema.__qualname__)
    for _ in range(30):
        value = record(instance(schema), chance)
        assert outcome(dump_of(schema), value) == outcome(instance(schema).dump, value)


class Inner(Result):
    at = fields.DateTime()
    count = fields.Integer()


class Odd(Result):
    """All that is left to marshmallow, beside what is not."""

    id = fields.String(attribute="_id")
    renamed = fields.Integer(data_key="other")
    deep = fields.String(attribute="inner.count")
    made = fields.Function(lambda value: "made")
    fixed = fields.Constant(3)
    by_default = fields.String(dump_default="none")
    made_by_default = fields.List(fields.String(), dump_default=list)
    inner = fields.Nested(Inner)
    many = fields.Nested(Inner, many=True)
    plucked = fields.Pluck(Inner, "count")
    shaped = fields.DateTime(format="%d/%m/%Y")
    as_text = fields.Integer(as_string=True)
    items = fields.List(fields.Nested(Inner))
    itself = fields.Nested(lambda: Odd(exclude=("itself",)), allow_none=True)


class Hooked(Result):
    name = fields.String()

    @post_dump
    def shout(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value.upper() for name, value in data.items()}


@pytest.mark.parametrize("seed", range(40))
def test_odd_fields_too(seed: int) -> None:
    chance = random.Random(seed)
    value = record(instance(Odd), chance)
    assert outcome(dump_of(Odd), value) == outcome(instance(Odd).dump, value)


def test_a_hook_is_run() -> None:
    assert dump_of(Hooked)({"name": "ana"}) == {"name": "ANA"}


def test_a_row_of_the_database_and_an_object_are_written_alike() -> None:
    row = {"id": "p1", "code": 1, "created_at": NOW, "phones": [{"id": "1", "number": "11"}]}
    told = dump_of(contract.Person)(row)
    assert told == dump_of(contract.Person)(SimpleNamespace(**row)) == instance(contract.Person).dump(row)
    assert told["created_at"] == "2026-11-24T15:30:00+00:00"
