"""How one company asks for its documents: by filters that name it, or by `_id` alone where nobody else can be meant.

An engine answers what asks for `_id` alone without looking for an index (ADR 0052). So one company asks so where the
`_id` begins with the company; where this transaction has read the document, and seen whose it is; and where the company
is compared in what is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.chassis.storage.changes import as_it_was, as_read
from services.chassis.storage.rows import Document


class Scope:
    """Of one company, inside one transaction or none."""

    def __init__(self, company: str) -> None:
        self.company = company
        # of what this transaction has read, by `_id`: its version, and all of it as BSON (changes.py)
        self._versions: dict[str, int | None] = {}
        self._before: dict[str, bytes] = {}

    def of(self, where: Mapping[str, Any]) -> Document:
        """The filter for the company's part. `_id` leads: secantusd-rs serves an update by the first field's index, and
        would read the whole company.
        """
        if names_one(where) and (where["_id"] in self._versions or str(where["_id"]).startswith(f"{self.company}:")):
            return {"_id": where["_id"]}
        first = {"_id": where["_id"]} if "_id" in where else {}
        return {**first, "company": self.company, **{k: v for k, v in where.items() if k != "company"}}

    def in_version(self, record_id: str, version: int) -> Document:
        """The filter of a record in a version. In the version in which this transaction has read it, it stays for as
        long as the transaction lasts, or writing it conflicts: nobody need ask.
        """
        if self.has_read(record_id, version):
            return {"_id": record_id}
        return self.of({"_id": record_id, "version": version})

    def has_read(self, record_id: str, version: int) -> bool:
        """Whether this transaction has read the record in this version, and has not written it since."""
        return self._versions.get(record_id) == version

    def read(self, document: Mapping[str, Any]) -> None:
        """This transaction has read it, and it is the company's."""
        self._versions[document["_id"]] = document.get("version")
        if "version" in document:
            self._before[document["_id"]] = as_read(document)

    def before(self, record_id: str) -> Document | None:
        """A record with versions as this transaction read it last."""
        read = self._before.get(record_id)
        return None if read is None else as_it_was(read)

    def written(self, record_id: str | None = None) -> None:
        """A record, or any of them, may have another version now."""
        if record_id is None:
            self._versions.clear()
        else:
            self._versions.pop(record_id, None)

    def holds(self, document: Mapping[str, Any]) -> bool:
        return bool(document.get("company") == self.company)


def by_id(where: Mapping[str, Any]) -> Document:
    """The same without a company: whose it is has to be compared."""
    return {"_id": where["_id"]}


def names_one(where: Mapping[str, Any]) -> bool:
    """Whether one `_id` is all that is asked for."""
    return where.keys() - {"company"} == {"_id"} and not isinstance(where["_id"], Mapping)


def names_some(where: Mapping[str, Any], limit: int) -> bool:
    """Whether `_id`s are all that is asked for, and each may be answered: then those of other companies leave out none
    of this one's.
    """
    ids = where.get("_id")
    among = isinstance(ids, Mapping) and ids.keys() == {"$in"} and len(ids["$in"]) <= limit
    return names_one(where) or (among and where.keys() - {"company"} == {"_id"})
