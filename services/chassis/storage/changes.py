"""Who made a record the version that it is, when, and which of its fields changed in which version.

It is kept beside the record (`_change`), written by the same update, and hidden from repositories.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bson
from bson.codec_options import CodecOptions

LAST_CHANGE = "_change"
# Told of those who made a version; not of fields that every version changes.
OF_EVERY_VERSION = ("version", LAST_CHANGE)

Document = dict[str, Any]


CODEC: CodecOptions[Document] = CodecOptions(tz_aware=True)


def as_read(record: Mapping[str, Any]) -> bytes:
    """What no use case can change any more."""
    return bson.encode(record, codec_options=CODEC)


def next_change(before: bytes | None, fields: Mapping[str, Any], signature: Mapping[str, Any]) -> Document:
    """What is kept with the next version; `before`: the record as the command read it, as BSON, if it did.

    `fields` names the version that changed each field last, `since` the first one whose changes are all known.
    """
    version = fields["version"]
    if before is None:
        return {**signature, "version": version}
    was = bson.decode(before, codec_options=CODEC)
    will_be = bson.decode(bson.encode(fields, codec_options=CODEC), codec_options=CODEC)
    changed = {name: version for name, value in will_be.items()
               if name not in OF_EVERY_VERSION and (name not in was or was[name] != value)}  # fmt: skip
    known = _known(was)
    return {**signature, "version": version, "since": known.get("since", version),
            "fields": {**known.get("fields", {}), **changed}}  # fmt: skip


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
