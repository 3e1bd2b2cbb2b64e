"""All databases of an installation as they were at one moment, while everybody goes on writing.

A snapshot session reads whatever it reads as it was at its first read; MongoDB keeps that history for
`minSnapshotHistoryWindowInSeconds`, five minutes unless set otherwise. An engine that takes such a session and does not
hold the moment (the embedded one) is found out by a probe; there a transaction is read in, which ends after a minute.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymongo
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.client_session import ClientSession
from pymongo.read_concern import ReadConcern

from deploy.operations.installation import database_name, mongo_uri
from services.catalogue import SERVICES

PROBE = "backup_probe"
RAW: CodecOptions[RawBSONDocument] = CodecOptions(RawBSONDocument, tz_aware=True, tzinfo=dt.UTC)
BATCH = 500


class Snapshot:
    """Reads of one moment."""

    def __init__(self, client: Any, session: ClientSession) -> None:
        self._client = client
        self._session = session

    def names(self, service: str) -> list[str]:
        """Those of now: a collection that is made later is not of that moment."""
        names = self._client[database_name(service)].list_collection_names()
        return sorted(name for name in names if name != PROBE and not name.startswith("system."))

    def documents(self, service: str, collection: str, where: dict[str, Any]) -> Iterator[RawBSONDocument]:
        found = self._client[database_name(service)].get_collection(collection, codec_options=RAW)
        yield from found.find(where, session=self._session, batch_size=BATCH)

    def pin(self) -> None:
        """The moment is now."""
        self._client[database_name("people")][PROBE].find_one({}, session=self._session)


class Source:
    """Where moments are taken of."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._probe = client[database_name("people")][PROBE]
        self._probe.update_one({"_id": "is there"}, {"$set": {"at": dt.datetime.now(dt.UTC)}}, upsert=True)
        self._holds = self._holds_the_moment()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Its moment is that of the first read."""
        if self._holds:
            with self._client.start_session(snapshot=True) as session:
                yield Snapshot(self._client, session)
        else:
            with self._client.start_session() as session, session.start_transaction(ReadConcern("snapshot")):
                yield Snapshot(self._client, session)

    def _holds_the_moment(self) -> bool:
        with self._client.start_session(snapshot=True) as session:
            self._probe.find_one({"_id": "later"}, session=session)
            self._probe.insert_one({"_id": "later"})
            try:
                return self._probe.find_one({"_id": "later"}, session=session) is None
            finally:
                self._probe.delete_one({"_id": "later"})


@contextmanager
def source() -> Iterator[Source]:
    client: pymongo.MongoClient[Any]
    with pymongo.MongoClient(mongo_uri(), serverSelectionTimeoutMS=5_000, tz_aware=True, appname="backup") as client:
        yield Source(client)


def services() -> list[str]:
    return list(SERVICES)
