"""Dataclasses to documents and back: amounts as Decimal128, dates as ISO text, times as they are."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, TypeVar

from bson.decimal128 import Decimal128
from cattrs import Converter
from pymongo.errors import DuplicateKeyError

from services.chassis.errors import ConcurrentUpdate
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection

R = TypeVar("R")

_converter = Converter()
_converter.register_unstructure_hook(Decimal, Decimal128)
_converter.register_structure_hook(Decimal, lambda value, _: value.to_decimal())
_converter.register_unstructure_hook(dt.date, lambda value: value.isoformat())
_converter.register_structure_hook(dt.date, lambda value, _: dt.date.fromisoformat(value))
_converter.register_unstructure_hook(dt.datetime, lambda value: value)
_converter.register_structure_hook(dt.datetime, lambda value, _: value)


def document_of(record: Any) -> Document:
    """A record with an `id`, nested dataclasses included."""
    fields = _converter.unstructure(record)
    return {"_id": fields.pop("id"), **fields}


def fields_of(record: Any) -> Document:
    """The fields of a record that has no `id`."""
    fields: Document = _converter.unstructure(record)
    return fields


def insert_once(documents: TenantCollection, record: Document) -> None:
    """Inserts a record with a unique key; raises ConcurrentUpdate("version_changed") if another transaction just did.

    The chassis then runs the command again, which finds the record.
    """
    try:
        documents.insert(record)
    except DuplicateKeyError as error:
        raise ConcurrentUpdate(
            "version_changed", "O registro foi alterado por outra pessoa; carregue-o novamente."
        ) from error


def record_of(found: Document, kind: type[R]) -> R:
    """The record of `document_of`; other fields of the document (search keys, the company) are left out."""
    return _converter.structure({**found, "id": found["_id"]}, kind)
