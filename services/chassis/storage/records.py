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
