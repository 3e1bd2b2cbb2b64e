"""Who made a record the version that it is, when, and which of its fields changed in which version.

It is kept beside the record (`_change`), written by the same update, and hidden from repositories.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import bson
from bson.codec_options import CodecOptions

LAST_CHANGE = "_change"
# Told of those who made a version; not of fields that every version changes.
OF_EVERY_VERSION = ("version", LAST_CHANGE)
MISSING = object()
NESTED = (dict, list)

Document = dict[str, Any]


CODEC: CodecOptions[Document] = CodecOptions(tz_aware=True)


def as_read(record: Mapping[str, Any]) -> bytes:
    """What no use case can change any more."""
    return bson.encode(record, codec_options=CODEC)


def as_it_was(read: bytes) -> Document:
    return bson.decode(read, codec_options=CODEC)


def next_version(
    document: Mapping[str, Any], was: Document | None, fresh: bool, signature: Mapping[str, Any] | None
) -> Document:
    """The fields to write of a record's next version: all, or, where it is `fresh`, those that change.

    `was`: the record as the transaction read it, if it did; `fresh`: that is the version before, and what is stored.
    """
    fields = {name: value for name, value in document.items() if name not in ("_id", "company")}
    names = changed(was, fields) if was is not None else []
    if fresh:
        fields = {name: fields[name] for name in (*names, "version")}
    if signature is not None:
        fields[LAST_CHANGE] = next_change(was, names, document["version"], signature)
    return fields


def changed(was: Mapping[str, Any], fields: Mapping[str, Any]) -> list[str]:
    """The names of the fields that a record's next version changes; `was`: the record as it was read. What is stored
    otherwise has changed: 1, 1.0 and true are three values."""
    names = []
    for name, value in as_it_was(as_read(fields)).items():
        before = was.get(name, MISSING)
        same = before.__class__ is value.__class__ and before == value
        if same and value.__class__ in NESTED:
            same = as_read({"": before}) == as_read({"": value})
        if not same and name not in OF_EVERY_VERSION:
            names.append(name)
    return names


def next_change(
    was: Mapping[str, Any] | None, names: Iterable[str], version: int, signature: Mapping[str, Any]
) -> Document:
    """What is kept with the next version, which changes the fields `names`; `was`: the record as the command read it,
    if it did.

    `fields` names the version that changed each field last, `since` the first one whose changes are all known.
    """
    if was is None:
        return {**signature, "version": version}
    known = _known(was)
    fields = {**known.get("fields", {}), **dict.fromkeys(names, version)}
    return {**signature, "version": version, "since": known.get("since", version), "fields": fields}


def _known(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is kept with the record, unless its version was written by who did not say it, or the fields."""
    change = record.get(LAST_CHANGE) or {}
    return change if change.get("version") == record["version"] and "fields" in change else {}


def last_change(record: Mapping[str, Any], version: int, seen: int | None = None) -> Document:
    """Who made a record the version that it is, and when; nothing where that was written without saying so.

    With what the caller has `seen`, also which fields changed since, by the names of the database, where all are known.
    """
    change = record.get(LAST_CHANGE)
    if change is None or change["version"] != version:
        return {}
    by = {"id": change["by"]["id"], "name": change["by"]["name"]}
    told: Document = {"changed_by": by, "changed_at": change["at"].isoformat()}
    if seen is not None and "fields" in change and change["since"] <= seen + 1:
        told["changed_fields"] = sorted(
            name for name, at in change["fields"].items() if isinstance(at, int) and at > seen
        )
    return told
