"""An event as its producer wrote it, against its golden sample: the same names at every depth, the same types."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields

from services.chassis.schemas import Event, instance

SAMPLES = Path(__file__).resolve().parents[1] / "contract" / "samples"


def unlike(source: str, name: str, data: dict[str, Any]) -> list[str]:
    """Where what was published differs from the sample that readers were promised."""
    return list(_unlike(instance(_schema(source, name)), data, _sample(f"{source}.{name}"), name))


@cache
def _schema(source: str, name: str) -> type[Schema]:
    events: tuple[Event, ...] = importlib.import_module(f"services.{source}.events").EVENTS
    return next(event.schema for event in events if event.name == name)


@cache
def _sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return found


def _unlike(schema: Schema, real: Any, golden: Any, place: str) -> Iterator[str]:
    yield from (f"{place}.{name} is in no sample" for name in sorted(real.keys() - golden.keys()))
    yield from (f"{place}.{name} was not published" for name in sorted(golden.keys() - real.keys()))
    for name in sorted(real.keys() & golden.keys()):
        yield from _unlike_value(schema.fields[name], real[name], golden[name], f"{place}.{name}")


def _unlike_value(field: Any, real: Any, golden: Any, place: str) -> Iterator[str]:
    """Null is like anything, where the schema lets it be; a map has names of its own."""
    if real is None or golden is None or isinstance(field, fields.Dict):
        return
    if type(real) is not type(golden):
        yield f"{place} is {type(real).__name__}, in the sample {type(golden).__name__}"
    elif isinstance(field, fields.List) and golden:
        for one in real:
            yield from _unlike_value(field.inner, one, golden[0], f"{place}[]")
    elif isinstance(field, fields.Nested) and not field.many:
        yield from _unlike(field.schema, real, golden, place)
