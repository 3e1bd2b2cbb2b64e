"""A faster `Schema.dump`: functions that are compiled once for each schema.

For every field of every item, marshmallow determines again how it is read and written; for a page of twenty records
that was three quarters of the time. Fields and schemas with code of their own (a custom `_serialize`, a hook) are left
to marshmallow. A test compares the results of both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from marshmallow import Schema, fields, missing
from marshmallow.utils import ensure_text_type

from services.chassis.schemas import instance

Write = Callable[[Any], Any]
Dump = Callable[[Any], Any]


@cache
def dump_of(schema: type[Schema]) -> Dump:
    """A function with the same results as the `dump` of the schema's instance."""
    return _dump_of(instance(schema))


def _dump_of(schema: Schema) -> Dump:
    if not _is_plain(schema):
        return schema.dump
    parts = [_part(schema, name, field) for name, field in schema.dump_fields.items()]

    def dump(value: Any) -> Any:
        dumped = {}
        if type(value) is dict:
            for key, name, write, other in parts:
                if write is None or name not in value:
                    found = other(value)
                    if found is missing:
                        continue
                    dumped[key] = found
                else:
                    dumped[key] = write(value[name])
        elif not hasattr(value, "__getitem__"):
            for key, name, write, other in parts:
                found = missing if write is None else getattr(value, name, missing)
                found = other(value) if found is missing else write(found)  # type: ignore[misc]
                if found is not missing:
                    dumped[key] = found
        else:
            return schema.dump(value)
        return dumped

    return dump


def _is_plain(schema: Schema) -> bool:
    """Whether the schema reads and writes its fields in marshmallow's default way."""
    hooked = any(schema._hooks[hook] for hook in ("pre_dump", "post_dump"))
    own = type(schema).get_attribute is not Schema.get_attribute or schema.dict_class is not dict
    return not (hooked or own or schema.many)


def _part(schema: Schema, name: str, field: fields.Field[Any]) -> tuple[str, str, Write | None, Dump]:
    """For one field: the key that is written; the name that is read; the function that writes its value (None: only
    marshmallow can); and marshmallow's function of the whole value, for missing names and such fields."""
    key = name if field.data_key is None else field.data_key
    read = name if field.attribute is None else field.attribute
    own = type(field).get_value is not fields.Field.get_value or type(field).serialize is not fields.Field.serialize
    write = None if own or "." in read or not field._CHECK_ATTRIBUTE else _writer(field)
    return key, read, write, lambda value: field.serialize(name, value, accessor=schema.get_attribute)


def _writer(field: fields.Field[Any]) -> Write | None:
    """The function that writes a value of the field; None for a kind without one here."""
    make = WRITERS.get(type(field)._serialize)
    return make(field) if make is not None else None


def _same(field: fields.Field[Any]) -> Write:
    return lambda value: value


def _text(field: fields.Field[Any]) -> Write:
    return lambda value: value if type(value) is str or value is None else ensure_text_type(value)


def _number(field: Any) -> Write | None:
    if field.as_string or type(field)._format_num is not fields.Number._format_num:
        return None
    kind = field.num_type
    return lambda value: value if type(value) is kind or value is None else kind(value)


def _moment(field: Any) -> Write | None:
    write = field.SERIALIZATION_FUNCS.get(field.format or field.DEFAULT_FORMAT)
    return None if write is None else lambda value: None if value is None else write(value)


def _list(field: Any) -> Write | None:
    inner = _writer(field.inner)
    return None if inner is None else lambda value: None if value is None else [inner(one) for one in value]


def _nested(field: Any) -> Write:
    """The nested schema is compiled at its first use, since a schema may nest itself."""
    compiled: list[Dump] = []

    def write(value: Any) -> Any:
        if value is None:
            return None
        if not compiled:
            compiled.append(_dump_of(field.schema))
        dump = compiled[0]
        return [dump(item) for item in value] if field.many and not field.schema.many else dump(value)

    return write


WRITERS: Mapping[Any, Callable[[Any], Write | None]] = {
    fields.Field._serialize: _same,
    fields.String._serialize: _text,
    fields.Number._serialize: _number,
    fields.DateTime._serialize: _moment,
    fields.List._serialize: _list,
    fields.Nested._serialize: _nested,
}
