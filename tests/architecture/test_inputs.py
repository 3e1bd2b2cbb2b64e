"""Every input is made of our own kinds of field, which have bounds: a plain one lets through what fails later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields

from tests.support.taken_inputs import taken_by_services, taken_by_the_gateway


def plain_ones(place: str, schema: Schema, seen: frozenset[type[Schema]] = frozenset()) -> Iterator[str]:
    if type(schema) in seen:
        return
    for name, field in schema.fields.items():
        if not field.dump_only:
            yield from _plain(f"{place}.{name}", field, seen | {type(schema)})


def _plain(place: str, field: Any, seen: frozenset[type[Schema]]) -> Iterator[str]:
    if isinstance(field, fields.Nested):
        yield from plain_ones(place, field.schema, seen)
    elif isinstance(field, fields.List):
        yield from _plain(f"{place}[]", field.inner, seen)
    elif isinstance(field, fields.Dict):
        for part, inner in (("key", field.key_field), ("value", field.value_field)):
            yield from _plain(f"{place}:{part}", inner, seen) if inner else (f"{place}:{part} of any kind",)
    elif type(field).__module__.startswith("marshmallow"):
        yield f"{place}: {type(field).__name__}"


def test_every_input_of_a_service_is_made_of_our_own_kinds() -> None:
    inputs = list(taken_by_services())
    assert len(inputs) > 200
    assert sorted(one for place, schema in inputs for one in plain_ones(place, schema)) == []


def test_every_input_of_the_gateway_is_made_of_our_own_kinds() -> None:
    inputs = list(taken_by_the_gateway())
    assert len(inputs) > 120
    assert sorted(one for place, schema in inputs for one in plain_ones(place, schema)) == []


def test_the_rule_finds_a_plain_field_wherever_it_hides() -> None:
    class Inner(Schema):
        amount = fields.Decimal()

    class Outer(Schema):
        answered = fields.String(dump_only=True)
        items = fields.List(fields.Nested(Inner))
        free = fields.Dict()

    assert sorted(plain_ones("x", Outer())) == [
        "x.free:key of any kind", "x.free:value of any kind", "x.items[].amount: Decimal"
    ]  # fmt: skip
