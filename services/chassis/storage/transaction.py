"""One run of a transaction, and the writes that wait in it to be sent together (ADR 0050).

A command's last writes (its record, what it announces, its answer) need no answers one by one. They wait here, in
order, and go to the engine as one command, `bulkWrite`; to an engine without it (before MongoDB 8.0) each for itself.
Whatever else the transaction asks sends them first: it reads what it wrote.
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

# The first version of the wire protocol that knows `bulkWrite`: MongoDB 8.0's.
TOGETHER_SINCE = 25
# The database's code for a refusal by a unique index.
DUPLICATE_KEY = 11000
# And for another transaction that was first: the whole is run again.
WRITE_CONFLICT = 112
# A command is at most 16 MB.
MOST_WRITES, MOST_BYTES = 100, 8 << 20

Refusal = Callable[[], Exception]


@dataclass(frozen=True)
class Write:
    """One that waits: `asks` in the words of `bulkWrite`, without the collection; `size` in bytes.

    `unmet`: what is raised where no document matched; `taken`: where a unique index refuses.
    """

    collection: Collection[Document]
    kind: str
    asks: Mapping[str, Any]
    size: int
    unmet: Refusal | None = None
    taken: Refusal | None = None


def insertion(collection: Collection[Document], document: Document, taken: Refusal | None = None) -> Write:
    written = encode(document)
    return Write(collection, "insert", {"document": RawBSONDocument(written)}, len(written), taken=taken)


def update(
    collection: Collection[Document],
    where: Document,
    change: Document,
    upsert: bool = False,
    unmet: Refusal | None = None,
) -> Write:
    written = encode(change)
    asks = {"filter": where, "updateMods": RawBSONDocument(written), "multi": False, "upsert": upsert}
    return Write(collection, "update", asks, len(written), unmet)


def deletion(collection: Collection[Document], where: Document) -> Write:
    return Write(collection, "delete", {"filter": where, "multi": False}, 0)


def increment_of(amounts: Mapping[str, Any], company: str, first: Document | None) -> Document:
    """The change that adds to numbers by path; `first`: what a record of the company is made with where there is
    none."""
    change: Document = {"$inc": dict(amounts)}
    if first is not None:
        change["$setOnInsert"] = {**{k: v for k, v in first.items() if k != "_id"}, "company": company}
    return change


class Transaction:
    """`alone`: the engine has no `bulkWrite`."""

    def __init__(self, session: ClientSession, alone: bool) -> None:
        self.session = session
        self._alone = alone
        self._waiting: list[Write] = []
        self._size = 0
        self._begun = False

    def asked(self) -> ClientSession:
        """The driver's session, for what is asked now: after all that waits."""
        self.send()
        self._begun = True
        return self.session

    def add(self, *writes: Write) -> None:
        """They are sent with what is asked next, at the end of the transaction at the latest; refusals come then."""
        for write in writes:
            if len(self._waiting) == MOST_WRITES or self._size + write.size > MOST_BYTES:
                self.send()
            self._waiting.append(write)
            self._size += write.size

    def send(self) -> None:
        """Raises pymongo's DuplicateKeyError where a unique index refuses, and what a write without a match raises."""
        waiting, self._waiting, self._size = self._waiting, [], 0
        # SecantusDB takes no `bulkWrite` as the first command of a transaction
        apart = len(waiting) if self._alone or len(waiting) == 1 else int(bool(waiting) and not self._begun)
        self._begun = self._begun or bool(waiting)
        for write in waiting[:apart]:
            _judge(write, partial(_alone, write, self.session))
        if waiting[apart:]:
            self._together(waiting[apart:])

    def _together(self, writes: Sequence[Write]) -> None:
        names = list(dict.fromkeys(write.collection.full_name for write in writes))
        command = {
            "bulkWrite": 1,
            "ops": [{write.kind: names.index(write.collection.full_name), **write.asks} for write in writes],
            "nsInfo": [{"ns": name} for name in names],
            "ordered": True,
            "errorsOnly": False,
        }
        client = writes[0].collection.database.client
        answer = client.admin.command(command, session=self.session)
        for write, result in zip(writes, answer["cursor"]["firstBatch"], strict=False):
            _judge(write, partial(_matched, result))


def _alone(write: Write, session: ClientSession) -> int:
    """How many documents were written."""
    asks = write.asks
    if write.kind == "insert":
        write.collection.insert_one(asks["document"], session=session)
        return 1
    if write.kind == "delete":
        return write.collection.delete_one(asks["filter"], session=session).deleted_count
    result = write.collection.update_one(asks["filter"], asks["updateMods"], upsert=asks["upsert"], session=session)
    return result.matched_count


def _matched(result: Document) -> int:
    if result["ok"]:
        return int(result["n"])
    if result["code"] == DUPLICATE_KEY:
        raise DuplicateKeyError(result["errmsg"], DUPLICATE_KEY, result)
    # secantusd-rs says it of the one write; MongoDB and SecantusDB refuse the command, with its label
    labels = ["TransientTransactionError"] if result["code"] == WRITE_CONFLICT else []
    raise OperationFailure(result["errmsg"], result["code"], {**result, "errorLabels": labels})


def _judge(write: Write, matched: Callable[[], int]) -> None:
    try:
        met = matched()
    except DuplicateKeyError as error:
        if write.taken is None:
            raise
        raise write.taken() from error
    if write.unmet is not None and not met:
        raise write.unmet()
