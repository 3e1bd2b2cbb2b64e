"""One run of a transaction, and the writes that wait in it to be sent together (ADR 0050).

A command does not need the results of its last writes (its record, its events, its answer) one by one. They wait here,
in order, and are sent as one `bulkWrite`, or one by one to an engine without it (before MongoDB 8.0). Any other command
of the transaction sends them first, so that it reads what was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bson import encode
from bson.raw_bson import RawBSONDocument
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError, OperationFailure

from services.chassis.storage.rows import Document

# The first version of the wire protocol with `bulkWrite`: MongoDB 8.0's.
BULK_WRITE_SINCE = 25
# The database's code for a refusal by a unique index.
DUPLICATE_KEY = 11000
# The database's code for a conflict with another transaction: this one is run again.
WRITE_CONFLICT = 112
# Of one `bulkWrite`; the database takes commands of at most 16 MB.
MOST_WRITES, MOST_BYTES = 100, 8 << 20

# Makes the exception to be raised.
Refusal = Callable[[], Exception]


@dataclass(frozen=True)
class Write:
    """A waiting write: `operation` is the operation of a `bulkWrite` without its collection; `size` in bytes.

    `unmet`: makes the exception where no document matched; `taken`: where a unique index refuses.
    """

    collection: Collection[Document]
    kind: str
    operation: Mapping[str, Any]
    size: int
    unmet: Refusal | None = None
    taken: Refusal | None = None


def insertion(collection: Collection[Document], document: Document, taken: Refusal | None = None) -> Write:
    encoded = encode(document)
    return Write(collection, "insert", {"document": RawBSONDocument(encoded)}, len(encoded), taken=taken)


def update(
    collection: Collection[Document],
    where: Document,
    change: Document,
    upsert: bool = False,
    unmet: Refusal | None = None,
) -> Write:
    encoded = encode(change)
    operation = {"filter": where, "updateMods": RawBSONDocument(encoded), "multi": False, "upsert": upsert}
    return Write(collection, "update", operation, len(encoded), unmet)


def deletion(collection: Collection[Document], where: Document) -> Write:
    return Write(collection, "delete", {"filter": where, "multi": False}, 0)


def increment_of(amounts: Mapping[str, Any], company: str, first: Document | None) -> Document:
    """The update that adds `amounts` to numbers, by path; `first`: the fields of a record that does not exist yet."""
    change: Document = {"$inc": dict(amounts)}
    if first is not None:
        change["$setOnInsert"] = {**{k: v for k, v in first.items() if k != "_id"}, "company": company}
    return change


class Transaction:
    """The driver's session, and the writes that wait."""

    def __init__(self, session: ClientSession, has_bulk_write: bool) -> None:
        self.session = session
        self._has_bulk_write = has_bulk_write
        self._waiting: list[Write] = []
        self._size = 0
        self._begun = False

    def session_for_command(self) -> ClientSession:
        """The driver's session for a command that is sent now; sends the waiting writes before."""
        self.send()
        self._begun = True
        return self.session

    def add(self, *writes: Write) -> None:
        """Lets the writes wait until the next command or the end of the transaction; their refusals are raised then."""
        for write in writes:
            if len(self._waiting) == MOST_WRITES or self._size + write.size > MOST_BYTES:
                self.send()
            self._waiting.append(write)
            self._size += write.size

    def send(self) -> None:
        """Sends the waiting writes. Raises DuplicateKeyError where a unique index refuses, or what the write's `taken`
        and `unmet` make."""
        waiting, self._waiting, self._size = self._waiting, [], 0
        # SecantusDB refuses a `bulkWrite` as the first command of a transaction.
        single = int(bool(waiting) and not self._begun)
        if not self._has_bulk_write or len(waiting) == 1:
            single = len(waiting)
        self._begun = self._begun or bool(waiting)
        for write in waiting[:single]:
            _check_result(write, partial(_send_single, write, self.session))
        if waiting[single:]:
            self._send_together(waiting[single:])

    def _send_together(self, writes: Sequence[Write]) -> None:
        names = list(dict.fromkeys(write.collection.full_name for write in writes))
        command = {
            "bulkWrite": 1,
            "ops": [{write.kind: names.index(write.collection.full_name), **write.operation} for write in writes],
            "nsInfo": [{"ns": name} for name in names],
            "ordered": True,
            "errorsOnly": False,
        }
        client = writes[0].collection.database.client
        answer = client.admin.command(command, session=self.session)
        for write, result in zip(writes, answer["cursor"]["firstBatch"], strict=False):
            _check_result(write, partial(_matched, result))


def _send_single(write: Write, session: ClientSession) -> int:
    """Returns how many documents matched."""
    operation = write.operation
    if write.kind == "insert":
        write.collection.insert_one(operation["document"], session=session)
        return 1
    if write.kind == "delete":
        return write.collection.delete_one(operation["filter"], session=session).deleted_count
    result = write.collection.update_one(
        operation["filter"], operation["updateMods"], upsert=operation["upsert"], session=session
    )
    return result.matched_count


def _matched(result: Document) -> int:
    """How many documents matched, by one result of a `bulkWrite`; raises the driver's error for a failed write."""
    if result["ok"]:
        return int(result["n"])
    if result["code"] == DUPLICATE_KEY:
        raise DuplicateKeyError(result["errmsg"], DUPLICATE_KEY, result)
    # secantusd-rs reports the conflict for the single write; MongoDB and SecantusDB fail the command, with the label.
    labels = ["TransientTransactionError"] if result["code"] == WRITE_CONFLICT else []
    raise OperationFailure(result["errmsg"], result["code"], {**result, "errorLabels": labels})


def _check_result(write: Write, matched: Callable[[], int]) -> None:
    try:
        count = matched()
    except DuplicateKeyError as error:
        if write.taken is None:
            raise
        raise write.taken() from error
    if write.unmet is not None and not count:
        raise write.unmet()
