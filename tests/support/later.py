"""What the next version writes, as this one reads it beside that one during an upgrade (docs/upgrades.md): every stored
record and every event, and each record within them, with a field that nobody here knows.

The tests on one system in this process and the use cases in memory read so always, and each stored collection is read
by its real reader there.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from marshmallow import Schema, fields

from services.chassis.handling import session, subscriptions
from services.chassis.jobs.leased import LeasedWork
from services.chassis.schemas import Event, instance, load
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection

LATER = {"later": {"than": ["this version"]}}
# Fields that are maps and no records: the names in them are ids, languages, currencies and the like.
MAPS = frozenset(
    (
        "added",
        "amounts",
        "content",
        "counts",
        "data",
        "details",
        "memberships",
        "receipts",
        "reversal_reasons",
        "scopes",
        "settings",
        "sums",
    )
)


def record(value: Any, name: str = "") -> Any:
    """A copy of a stored document with the unknown field in every record at any depth."""
    if isinstance(value, list):
        return [record(one, name) for one in value]
    if not isinstance(value, Mapping):
        return value
    inner = {key: record(one, "" if name in MAPS else key) for key, one in value.items()}
    return inner if name in MAPS else {**inner, **LATER}


def event(schema: type[Schema] | Schema, data: Any) -> Any:
    """A copy of an event's data with the unknown field in every record that the schema has."""
    if not isinstance(data, Mapping):
        return data
    known = (schema if isinstance(schema, Schema) else instance(schema)).fields
    return {**{name: _within(known.get(name), value) for name, value in data.items()}, **LATER}


def _within(field: Any, value: Any) -> Any:
    if isinstance(field, fields.List) and isinstance(value, list):
        return [_within(field.inner, one) for one in value]
    return event(field.schema, value) if isinstance(field, fields.Nested) else value


def readings() -> list[AbstractContextManager[Any]]:
    """Patches by which the services of this process read all rows, work and events so."""
    read, handle = TenantCollection._read, LeasedWork._handle

    def _read(rows: TenantCollection, document: Document) -> Document:
        return read(rows, record(document))

    def _handle(work: LeasedWork, owned: Document) -> None:
        handle(work, record(owned))

    def _load(schema: type[Schema], data: Any) -> Any:
        return load(schema, event(schema, data))

    return [
        mock.patch.object(TenantCollection, "_read", _read),
        mock.patch.object(LeasedWork, "_handle", _handle),
        mock.patch.object(subscriptions, "load", _load),
    ]


def writings() -> list[AbstractContextManager[Any]]:
    """Patches by which a service writes so, as its next version might (stack/later_runner.py)."""
    names_one = ("insert", "put", "put_newer", "replace")
    names_many = ("insert_many", "insert_new", "put_newer_many", "replace_many")
    validated = session._validated

    def _validated(event_: Event, data: Mapping[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = event(event_.schema, validated(event_, data))
        return told

    return [
        *(mock.patch.object(TenantCollection, name, _writing(name)) for name in (*names_one, *names_many)),
        mock.patch.object(session, "_validated", _validated),
    ]


def _writing(name: str) -> Any:
    write = getattr(TenantCollection, name)
    return lambda rows, given, *more, **named: write(rows, record(given), *more, **named)
