"""The last change of a record: who wrote its version, when, and in which version each field changed last.

It is stored in the record as `_change`, written by the same update, and hidden from repositories.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import bson
from bson.codec_options import CodecOptions

LAST_CHANGE = "_change"
# Every version changes these fields, so they are not reported as changed.
OF_EVERY_VERSION = ("version", LAST_CHANGE)
MISSING = object()
NESTED = (dict, list)

Document = dict[str, Any]


CODEC: CodecOptions[Document] = CodecOptions(tz_aware=True)


def to_bson(record: Mapping[str, Any]) -> bytes:
    """A copy of the record that no use case can change."""
    return bson.encode(record, codec_options=CODEC)


def from_bson(read: bytes) -> Document:
    return bson.decode(read, codec_options=CODEC)


def next_version(
    document: Mapping[str, Any], was: Document | None, fresh: bool, signature: Mapping[str, Any] | None
) -> Document:
    """The fields to write for a record's next version: all of them, or only the changed ones where `fresh`.

    `was`: the record as the transaction read it, if it did; `fresh`: `was` is the version before this one.
    """
    fields = {name: value for name, value in document.items() if name not in ("_id", "company")}
    names = changed(was, fields) if was is not None else []
    if fresh:
        fields = {name: fields[name] for name in (*names, "version")}
    if signature is not None:
        fields[LAST_CHANGE] = next_change(was, names, document["version"], signature)
    return fields


def changed(was: Mapping[str, Any], fields: Mapping[str, Any]) -> list[str]:
    """The names of the fields that a record's next version changes; `was`: the record as it was read. A value of
    another BSON type is a change: 1, 1.0 and true are three values."""
    names = []
    for name, value in from_bson(to_bson(fields)).items():
        before = was.get(name, MISSING)
        same = before.__class__ is value.__class__ and before == value
        if same and value.__class__ in NESTED:
            same = to_bson({"": before}) == to_bson({"": value})
        if not same and name not in OF_EVERY_VERSION:
            names.append(name)
    return names


def next_change(
    was: Mapping[str, Any] | None, names: Iterable[str], version: int, signature: Mapping[str, Any]
) -> Document:
    """The `_change` of the next version, which changes the fields `names`; `was`: the record as the command read it, if
    it did.

    Its `fields` has, by field, the version that changed it last; `since` is the first version whose changes are known.
    """
    if was is None:
        return {**signature, "version": version}
    known = _known(was)
    fields = {**known.get("fields", {}), **dict.fromkeys(names, version)}
    return {**signature, "version": version, "since": known.get("since", version), "fields": fields}


def _known(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record's `_change`; empty where the writer of its version stored none, or none with fields."""
    change = record.get(LAST_CHANGE) or {}
    return change if change.get("version") == record["version"] and "fields" in change else {}


def last_change(record: Mapping[str, Any], version: int, seen: int | None = None) -> Document:
    """`changed_by` and `changed_at` of the record's version; empty where its writer stored no `_change`.

    `seen`: the version that the caller saw. With it also `changed_fields`, by the names of the database: the fields
    that changed since, where all changes since are known.
    """
    change = record.get(LAST_CHANGE)
    if change is None or change["version"] != version:
        return {}
    by = {"id": change["by"]["id"], "name": change["by"]["name"]}
    details: Document = {"changed_by": by, "changed_at": change["at"].isoformat()}
    if seen is not None and "fields" in change and change["since"] <= seen + 1:
        details["changed_fields"] = sorted(
            name for name, at in change["fields"].items() if isinstance(at, int) and at > seen
        )
    return details
