"""Conversion of stored documents to dataclasses and back.

During an upgrade the next version runs beside this one and may store more fields in a record, or in a part of one. Only
this module makes dataclasses of documents, and it ignores those fields (tests/architecture/test_later_version.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

R = TypeVar("R")


def known(found: Mapping[str, Any], kind: type[Any]) -> dict[str, Any]:
    """The fields of a document, or of a part of one, that the dataclass `kind` has; its `_id` is the `id`."""
    document = {"id": found["_id"], **found} if "_id" in found else found
    return {field.name: document[field.name] for field in dataclasses.fields(kind) if field.name in document}


def as_record(found: Mapping[str, Any], kind: type[R], **made: Any) -> R:
    """The record of a document; `made`: fields whose values differ from the document's."""
    return kind(**{**known(found, kind), **made})


def fields_of(record: Any) -> dict[str, Any]:
    """The fields of a dataclass and of those nested in it, as a document. Like `dataclasses.asdict`, but it copies only
    lists and mappings, since copying the other values is most of the cost."""
    return {name: _plain(getattr(record, name)) for name in record.__dataclass_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | None):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return fields_of(value) if hasattr(value, "__dataclass_fields__") else value
