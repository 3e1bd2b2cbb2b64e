"""Stored documents as the dataclasses that they were made of.

During an upgrade the next version runs beside this one and may keep more fields in a record, or in a part of one. They
are passed over here, and nowhere else is a document given to a class (tests/architecture/test_later_version.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

R = TypeVar("R")


def known(found: Mapping[str, Any], kind: type[Any]) -> dict[str, Any]:
    """The fields of a document, or of a part of one, that the dataclass `kind` has; its `_id` is the `id`."""
    given = {"id": found["_id"], **found} if "_id" in found else found
    return {one.name: given[one.name] for one in dataclasses.fields(kind) if one.name in given}


def as_record(found: Mapping[str, Any], kind: type[R], **made: Any) -> R:
    """The record; `made`: the fields that are not as the document has them."""
    return kind(**{**known(found, kind), **made})


def fields_of(record: Any) -> dict[str, Any]:
    """The fields of a dataclass as a document has them, with those of the dataclasses within. As `dataclasses.asdict`,
    but for what is neither list nor mapping: that is not copied, which is most of what copying a record costs.
    """
    return {name: _plain(getattr(record, name)) for name in record.__dataclass_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | None):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return fields_of(value) if hasattr(value, "__dataclass_fields__") else value
