"""Base schemas of inputs, answers and events, and their loading. Inputs are strict; readers of events ignore unknown
fields."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from services.chassis.errors import Invalid
from services.chassis.inputs import Cursor, Flag, Id, Whole

PAGE_LIMIT = 100
JSON_DEPTH = 50
# Marks a field that an answer may lack; all other fields are always there, maybe as null.
SOMETIMES = "sometimes"


class Strict(Schema):
    """Base of inputs, whose fields are kinds of inputs.py; unknown fields are refused."""

    class Meta:
        unknown = RAISE


class Result(Schema):
    """Base of the answers of commands and queries."""

    class Meta:
        unknown = EXCLUDE


class EventData(Schema):
    """Base of events' data; readers ignore fields that their schema does not have."""

    class Meta:
        unknown = EXCLUDE


class UTCDateTime(fields.DateTime):
    """ISO 8601 with an offset; in Python always UTC. A time without an offset is refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.datetime:
        moment: dt.datetime = super()._deserialize(value, attr, data, **kwargs)
        if moment.tzinfo is None:
            raise ValidationError("Informe o fuso horário (por exemplo, -03:00 ou Z).")
        return moment.astimezone(dt.UTC)


class JsonValue(fields.Field[Any]):
    """Any plain JSON, for values whose shape is not known; nothing else is loaded or dumped.

    A ValueError at dumping is a defect of ours: the answer is an internal error, and the transaction is aborted.
    """

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        trouble = _no_json(value)
        if trouble:
            raise ValueError(f"{attr}: {trouble} is no JSON")
        return value

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if _no_json(value):
            raise ValidationError("O valor não é JSON simples.")
        return value


def json_object(**options: Any) -> fields.Dict:
    """A field of plain JSON values by name."""
    return fields.Dict(keys=fields.String(), values=JsonValue(allow_none=True), **options)


def _no_json(value: Any, depth: int = 0) -> str | None:
    """The type of the first part that is not plain JSON, or "depth"; None where all parts are."""
    if value is None or isinstance(value, str | bool | int):
        return None
    if depth > JSON_DEPTH:
        return "depth"
    if isinstance(value, float):
        return None if math.isfinite(value) else "float"
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            return "key"
        return next(filter(None, (_no_json(inner, depth + 1) for inner in value.values())), None)
    if isinstance(value, list | tuple):
        return next(filter(None, (_no_json(inner, depth + 1) for inner in value)), None)
    return type(value).__name__


class ById(Strict):
    """Input of a query for one record."""

    id = Id(required=True)


class OfPerson(Strict):
    """Input of a list of one person's records, newest first: a keyset page."""

    person_id = Id(required=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class HeldRow(Result):
    """A row that a service holds of a record, with all its fields; `kind` is the collection."""

    kind = fields.String()
    data = json_object()


class HeldPage(Result):
    items = fields.List(fields.Nested(HeldRow))
    next_cursor = fields.String(allow_none=True)


def page_of(item: type[Schema], name: str) -> type[Schema]:
    """The schema of a page: items and the cursor of the next page (null on the last)."""
    return type(
        name, (Result,), {"items": fields.List(fields.Nested(item)), "next_cursor": fields.String(allow_none=True)}
    )


class Counted(Strict):
    """`counted`: the first page has the number of all items (counting.py)."""

    counted = Flag(load_default=False)


def counted_page_of(item: type[Schema], name: str) -> type[Schema]:
    """The schema of a page that may have a `count`, and whether it is `exact`."""
    sometimes = {SOMETIMES: True}
    counts = {"count": fields.Integer(metadata=sometimes), "exact": fields.Boolean(metadata=sometimes)}
    return type(name, (page_of(item, name),), counts)


@dataclass(frozen=True)
class Event:
    """An event that a service publishes: exchange `<source>.events`, routing key `name`, data by `schema`.

    A `minor` event does not reach the services that subscribe with `minor=False`: they would find nothing to do.
    """

    source: str
    name: str
    schema: type[Schema]
    version: int = 1
    minor: bool = False

    def minor_if(self, condition: bool) -> Event:
        return replace(self, minor=condition)


class ErasedRows(EventData):
    """What an erasure did to the rows of `what`. `outcome`: erased, anonymised or kept; `basis`: why data stays, and
    until when."""

    what = fields.String(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(("erased", "anonymised", "kept")))
    count = fields.Integer(required=True)
    basis = fields.String(required=True, allow_none=True)


class DataErased(EventData):
    """A service's receipt for an erasure: what it did (personal_data/erasure.py)."""

    erasure_id = fields.String(required=True)
    items = fields.List(fields.Nested(ErasedRows), required=True)


@cache
def instance(schema: type[Schema]) -> Schema:
    """The one instance of a schema: making one copies all its fields, and costs more than a load or a dump."""
    return schema()


def load(schema: type[Schema], data: Any) -> dict[str, Any]:
    """Validated data by the fields' own names. Raises Invalid("input_invalid"), whose `fields` has the API's names."""
    try:
        loaded: dict[str, Any] = instance(schema).load(to_api_names(instance(schema), data))
    except ValidationError as error:
        raise Invalid("input_invalid", "Há campos inválidos.", fields=error.messages_dict) from error
    return loaded


def to_api_names(schema: Schema, data: Any) -> Any:
    """Renames the input's fields from their own names, which the bus uses, to those of the API (`data_key`); a field
    that has its API name already stays (docs/adr/0039)."""
    return _renamed(schema, data, lambda name, field: (name, field.data_key))


def to_own_names(schema: Schema, data: Any) -> Any:
    """Renames what the schema dumped from the API's names to the fields' own names."""
    return _renamed(schema, data, lambda name, field: (field.data_key, name))


def _renamed(schema: Schema, data: Any, names: Callable[[str, Any], tuple[str | None, str | None]]) -> Any:
    if not isinstance(data, Mapping):
        return data
    renamed = dict(data)
    for name, field in schema.fields.items():
        was, now = names(name, field) if field.data_key is not None else (name, name)
        if was in renamed and (was == now or now not in renamed):
            renamed[now] = _renamed_within(field, renamed.pop(was), names)
    return renamed


def _renamed_within(field: Any, value: Any, names: Callable[[str, Any], tuple[str | None, str | None]]) -> Any:
    if isinstance(field, fields.Nested):
        return _renamed(field.schema, value, names)
    if isinstance(field, fields.List) and isinstance(value, list):
        return [_renamed_within(field.inner, one, names) for one in value]
    return value
