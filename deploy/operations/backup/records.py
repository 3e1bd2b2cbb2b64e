"""What a backup holds, in order: of each collection its documents as the database keeps them, then messages on their
way, then the manifest: how many documents of each collection, and their digest, whatever their order.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import bson
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument

from deploy.operations.backup.archive import Refused
from services.catalogue import SERVICES

COLLECTION, DOCUMENT, MESSAGE, MANIFEST = b"C", b"D", b"M", b"E"
LENGTH = struct.Struct(">I")
# MongoDB's documents have 16 MiB at most, a message of RabbitMQ 128 MiB; ours are far from either.
MOST_BYTES = 64 << 20
DIGEST_BYTES = 32
_OWN_NAME = re.compile("[a-z][a-z_]{0,63}", re.ASCII)


class Sink(Protocol):
    def write(self, data: bytes) -> None: ...


@dataclass
class Tally:
    """Of one collection. The digest is the sum of its documents' SHA-256, so it does not depend on their order."""

    count: int = 0
    total: int = 0

    def add(self, raw: bytes) -> None:
        self.count += 1
        self.total += int.from_bytes(hashlib.sha256(raw).digest(), "big")

    def as_data(self) -> dict[str, Any]:
        return {"count": self.count, "digest": f"{self.total % (1 << 8 * DIGEST_BYTES):064x}"}


def tally_of(documents: Iterable[RawBSONDocument]) -> dict[str, Any]:
    tally = Tally()
    for document in documents:
        tally.add(bytes(document.raw))
    return tally.as_data()


@dataclass(frozen=True)
class Collection:
    service: str
    name: str

    @property
    def path(self) -> str:
        return f"{self.service}.{self.name}"


@dataclass(frozen=True)
class Message:
    """To be published again: to an exchange, or ("") to a queue."""

    exchange: str
    routing_key: str
    body: bytes
    headers: dict[str, Any] = field(default_factory=dict)

    def as_document(self) -> dict[str, Any]:
        return {"exchange": self.exchange, "key": self.routing_key, "body": self.body, "headers": self.headers}


@dataclass(frozen=True)
class Manifest:
    collections: dict[str, dict[str, Any]]
    messages: int


class Recorder:
    """Writes records, and the manifest of what it wrote."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._tallies: dict[str, Tally] = {}
        self._tally = Tally()
        self._messages = 0

    def begin(self, collection: Collection) -> None:
        self._tally = self._tallies[collection.path] = Tally()
        self._put(COLLECTION, json.dumps([collection.service, collection.name]).encode())

    def document(self, raw: bytes) -> None:
        self._tally.add(raw)
        self._put(DOCUMENT, raw)

    def message(self, message: Message) -> None:
        self._messages += 1
        self._put(MESSAGE, bson.encode(message.as_document()))

    def end(self) -> Manifest:
        manifest = Manifest({path: tally.as_data() for path, tally in self._tallies.items()}, self._messages)
        self._put(MANIFEST, json.dumps(vars(manifest)).encode())
        return manifest

    def _put(self, kind: bytes, data: bytes) -> None:
        self._sink.write(kind + LENGTH.pack(len(data)) + data)


Record = Collection | RawBSONDocument | Message | Manifest


def records(pieces: Iterable[bytes]) -> Iterator[Record]:
    """Raises Refused for what is none, and where the manifest says other things than what was read before it."""
    tallies: dict[str, Tally] = {}
    tally, messages = Tally(), 0
    for kind, data in _split(pieces):
        record = _record(kind, data)
        if isinstance(record, Collection):
            tally = tallies[record.path] = Tally()
            yield record
        elif isinstance(record, RawBSONDocument):
            tally.add(data)
            yield record
        elif isinstance(record, Message):
            messages += 1
            yield record
        else:
            read = Manifest({path: one.as_data() for path, one in tallies.items()}, messages)
            if record != read:
                raise Refused("the backup's manifest does not fit what it holds")
            yield record


def _record(kind: bytes, data: bytes) -> Record:
    """Raises Refused for what is no such thing: without a key, a file is what anybody made of it."""
    try:
        if kind == COLLECTION:
            return _collection(*json.loads(data))
        if kind == DOCUMENT:
            bson.decode(data)  # else it would be looked into only when it is written
            return RawBSONDocument(data)
        if kind == MESSAGE:
            told = bson.decode(data)
            return Message(told["exchange"], told["key"], told["body"], told["headers"])
        return Manifest(**json.loads(data))
    except (BSONError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refused("the file is damaged, or none of ours") from error


def _collection(service: str, name: str) -> Collection:
    """Raises ValueError for a name that none of ours has, and Refused for a service that is not here."""
    if not _OWN_NAME.fullmatch(name):
        raise ValueError(name)
    if service not in SERVICES:
        raise Refused(f"the file has data of a service {service!r}: it is of a newer version, or none of ours")
    return Collection(service, name)


def _split(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each record; the last one is the manifest."""
    waiting, kind = bytearray(), b""
    for piece in pieces:
        waiting += piece
        while len(waiting) >= 1 + LENGTH.size:
            (length,) = LENGTH.unpack_from(waiting, 1)
            kind, end = bytes(waiting[:1]), 1 + LENGTH.size + length
            if kind not in (COLLECTION, DOCUMENT, MESSAGE, MANIFEST) or length > MOST_BYTES:
                raise Refused("the file is damaged")
            if len(waiting) < end:
                break
            yield kind, bytes(waiting[1 + LENGTH.size : end])
            del waiting[:end]
    if waiting or kind != MANIFEST:
        raise Refused("the file is cut off: its manifest is missing")
