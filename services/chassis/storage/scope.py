"""The filters of one company: with the company's id, or by `_id` alone where that cannot find another company's row.

A filter of `_id` alone needs no index search in the engine (ADR 0052). It is used where the `_id` begins with the
company's id, where this transaction has read the document and compared its company, and where the company is compared
in the document that was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.chassis.storage.changes import from_bson, to_bson
from services.chassis.storage.rows import Document


class Scope:
    """The filters of one company, inside one transaction or none."""

    def __init__(self, company: str) -> None:
        self.company = company
        # By `_id`, the version and the content of each document that this transaction has read.
        self._versions: dict[str, int | None] = {}
        self._before: dict[str, bytes] = {}

    def of(self, where: Mapping[str, Any]) -> Document:
        """`where` for the company's rows. `_id` comes first, since secantusd-rs chooses an update's index by the first
        field, and would read all rows of the company."""
        if names_one(where) and (where["_id"] in self._versions or str(where["_id"]).startswith(f"{self.company}:")):
            return {"_id": where["_id"]}
        first = {"_id": where["_id"]} if "_id" in where else {}
        return {**first, "company": self.company, **{k: v for k, v in where.items() if k != "company"}}

    def in_version(self, record_id: str, version: int) -> Document:
        """The filter of a record in a version. Where this transaction has read that version, `_id` is enough: if the
        record has changed since, the write conflicts."""
        if self.has_read(record_id, version):
            return {"_id": record_id}
        return self.of({"_id": record_id, "version": version})

    def has_read(self, record_id: str, version: int) -> bool:
        """Whether this transaction has read the record in this version, and has not written it since."""
        return self._versions.get(record_id) == version

    def note_read(self, document: Mapping[str, Any]) -> None:
        """To be called for each document of the company that this transaction reads."""
        self._versions[document["_id"]] = document.get("version")
        if "version" in document:
            self._before[document["_id"]] = to_bson(document)

    def before(self, record_id: str) -> Document | None:
        """A versioned record as this transaction read it last; None if it did not."""
        read = self._before.get(record_id)
        return None if read is None else from_bson(read)

    def note_written(self, record_id: str | None = None) -> None:
        """To be called for each write: the version of the record (None: of any record) is not known any more."""
        if record_id is None:
            self._versions.clear()
        else:
            self._versions.pop(record_id, None)

    def owns(self, document: Mapping[str, Any]) -> bool:
        return bool(document.get("company") == self.company)


def by_id(where: Mapping[str, Any]) -> Document:
    """The filter by `_id` alone: the company of what it finds must be compared (`owns`)."""
    return {"_id": where["_id"]}


def names_one(where: Mapping[str, Any]) -> bool:
    """Whether the filter consists of one `_id`."""
    return where.keys() - {"company"} == {"_id"} and not isinstance(where["_id"], Mapping)


def names_some(where: Mapping[str, Any], limit: int) -> bool:
    """Whether the filter consists of `_id`s, no more than `limit`: then rows of other companies displace none of this
    company's from the result."""
    ids = where.get("_id")
    among = isinstance(ids, Mapping) and ids.keys() == {"$in"} and len(ids["$in"]) <= limit
    return names_one(where) or (among and where.keys() - {"company"} == {"_id"})
