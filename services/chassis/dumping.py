"""What a schema writes of a value, as `Schema.dump` does, by functions that are made once for each schema.

marshmallow asks for every field of every item anew how it is read, what its default is and how it is written; a page
of twenty records took three quarters of its time for that. The contract's language stays: what is not known here (a
field that writes itself, a hook) is left to marshmallow, and a test compares both.
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
    """A function that is as the `dump` of the schema's instance."""
    return _dump_of(instance(schema))


def _dump_of(schema: Schema) -> Dump:
    if not _is_plain(schema):
        return schema.dump
    parts = [_part(schema, name, field) for name, field in schema.dump_fields.items()]

    def dump(value: Any) -> Any:
        told = {}
        if type(value) is dict:
            for key, name, write, other in parts:
                if write is None or name not in value:
                    found = other(value)
                    if found is missing:
                        continue
                    told[key] = found
                else:
                    told[key] = write(value[name])
        elif not hasattr(value, "__getitem__"):
            for key, name, write, other in parts:
                found = missing if write is None else getattr(value, name, missing)
                found = other(value) if found is missing else write(found)  # type: ignore[misc]
                if found is not missing:
                    told[key] = found
        else:
            return schema.dump(value)
        return told

    return dump


def _is_plain(schema: Schema) -> bool:
    """Whether nothing of the schema's own comes between a value and its fields."""
    hooked = any(schema._hooks[hook] for hook in ("pre_dump", "post_dump"))
    own = type(schema).get_attribute is not Schema.get_attribute or schema.dict_class is not dict
    return not (hooked or own or schema.many)


def _part(schema: Schema, name: str, field: fields.Field[Any]) -> tuple[str, str, Write | None, Dump]:
    """The key that is written, the name that is read, how it is written, and, of the whole value, what is written where
    there is no such name, or nothing is known of the field (`write` None)."""
    key = name if field.data_key is None else field.data_key
    read = name if field.attribute is None else field.attribute
    own = type(field).get_value is not fields.Field.get_value or type(field).serialize is not fields.Field.serialize
    write = None if own or "." in read or not field._CHECK_ATTRIBUTE else _writer(field)
    return key, read, write, lambda value: field.serialize(name, value, accessor=schema.get_attribute)


def _writer(field: fields.Field[Any]) -> Write | None:
    """How the field writes a value; None for a kind that is not known here."""
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
    """Made when it is first used: a schema may hold itself."""
    made: list[Dump] = []

    def write(value: Any) -> Any:
        if value is None:
            return None
        if not made:
            made.append(_dump_of(field.schema))
        return [made[0](one) for one in value] if field.many and not field.schema.many else made[0](value)

    return write


WRITERS: Mapping[Any, Callable[[Any], Write | None]] = {
    fields.Field._serialize: _same,
    fields.String._serialize: _text,
    fields.Number._serialize: _number,
    fields.DateTime._serialize: _moment,
    fields.List._serialize: _list,
    fields.Nested._serialize: _nested,
}
