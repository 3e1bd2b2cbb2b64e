"""Bringing a backup back. All of the file is read and found whole before anything is written.

All companies: into an empty installation only, before its services start. One company: it replaces what is there of it,
and nothing else. Broken off in the middle, it is run again: until it ends, a mark in people's database says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import bson
import pymongo
from bson.raw_bson import RawBSONDocument
from pymongo.collection import Collection as Rows

from deploy.operations.backup import archive, one_company
from deploy.operations.backup.archive import Refused
from deploy.operations.backup.in_flight import empty_queues, written_queues
from deploy.operations.backup.records import Collection, Manifest, Message, records
from deploy.operations.backup.snapshot import PROBE, RAW, services
from deploy.operations.installation import database_name, mongo_uri, publisher
from deploy.operations.looking import RESTORE_MARK, queues
from services.chassis.access.context import INSTALLATION
from services.chassis.handling.subscriptions import INBOX
from services.chassis.messaging.outbox import COLLECTION as OUTBOX
from services.chassis.messaging.publisher import Publisher
from services.chassis.storage.database import MAJORITY
from services.chassis.storage.recomputed_keys import PASSES

BATCH = 200
# A backup by whose age it matters what is forgotten after some time.
OLD = dt.timedelta(days=1)
OURS = (PROBE, RESTORE_MARK)


def verified(path: Path, key: str | None) -> tuple[archive.Header, Manifest]:
    """Reads all of it; raises Refused for what is cut, changed, under another key, or not of the company it names."""
    header, manifest, where = archive.header_of(path), None, ""
    for record in records(archive.contents(path, key)):
        if isinstance(record, Collection):
            where = record.path
        elif isinstance(record, Manifest):
            manifest = record
        elif header.company is not None and not one_company.is_of(header.company, where, record):
            raise Refused(f"the file is of one company and holds what is another's, in {where}")
    if manifest is None:
        raise Refused("the file is cut off: its manifest is missing")
    return header, manifest


def restore(path: Path, key: str | None, replace: bool) -> Manifest:
    """`replace`: a company that is there is replaced. Raises Refused before anything is written."""
    header, manifest = verified(path, key)
    client: pymongo.MongoClient[Any]
    with pymongo.MongoClient(mongo_uri(), serverSelectionTimeoutMS=5_000, tz_aware=True, appname="restore") as client:
        target = Target(client)
        if header.company is None:
            target.refuse_unless_empty(header.made)
        else:
            one_company.refuse_unfit(header.company, records(archive.contents(path, key)), replace)
        target.begin(header)
        target.clear(header.company)
        shared = target.write(records(archive.contents(path, key)), header)
        if header.company is not None:
            one_company.settle(header.company, header.made, shared)
        target.end(header.company)
    return manifest


class Target:
    """The databases and the broker that a backup is brought back to."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._marks = client[database_name("people")][RESTORE_MARK]

    def rows(self, service: str, name: str) -> Rows[RawBSONDocument]:
        database = self._client[database_name(service)]
        found: Rows[RawBSONDocument] = database.get_collection(name, codec_options=RAW, write_concern=MAJORITY)
        return found

    def refuse_unless_empty(self, made: str) -> None:
        """Of what an earlier try of the same backup left, it takes no notice."""
        again = self._marks.find_one({"of": None, "made": made}) is not None
        if not again:
            full = [f"{service}.{name}" for service, name in self._collections() if self.rows(service, name).find_one()]
            if full:
                raise Refused(f"this installation is not empty: {', '.join(full[:3])}; give it other databases")
        requests = [f"rpc-{name}" for name in services()]
        found = queues([*written_queues(), *requests])
        busy = [one.name for one in found if (one.name in requests and one.readers) or (one.waiting and not again)]
        if busy:
            raise Refused(f"its services run, or messages wait for them ({busy[0]}): stop them first, empty the queues")
        if any(one.waiting is None for one in found):
            raise Refused("its queues are not declared: `vinculo topology apply` first")

    def _collections(self) -> Iterator[tuple[str, str]]:
        for service in services():
            for name in self._client[database_name(service)].list_collection_names():
                if name not in OURS and not name.startswith("system."):
                    yield service, name

    def begin(self, header: archive.Header) -> None:
        told = {"made": header.made, "begun": dt.datetime.now(dt.UTC)}
        self._marks.update_one({"of": header.company}, {"$set": told}, upsert=True)

    def end(self, company: str | None) -> None:
        """Of another company whose restore did not end the mark stays."""
        self._marks.delete_many({"of": company})

    def clear(self, company: str | None) -> None:
        """Of a company, also what is on its way: it is of a time that will not have been, and its versions would hide
        the restored ones. What is to be announced goes first, so that nothing new comes on its way."""
        if company is None:
            empty_queues()  # an earlier try may have published the messages already
        else:
            for service in services():
                self.rows(service, OUTBOX).delete_many({"company": company})
            one_company.purge_messages(company)
            self.rows("people", PASSES).delete_many({})  # the backup may be older than what was computed again
        for service, name in self._collections():
            self.rows(service, name).delete_many({} if company is None else {"company": company})

    def write(self, found: Iterable[Any], header: archive.Header) -> list[tuple[str, dict[str, Any]]]:
        """Answers what a company shares with others, which is not simply put there: companies and users."""
        shared: list[tuple[str, dict[str, Any]]] = []
        company, now = header.company, dt.datetime.now(dt.UTC)
        is_old = now - dt.datetime.fromisoformat(header.made) > OLD
        with publisher() as sending:
            for where, documents in _grouped(found, sending):
                rows = self.rows(where.service, where.name)
                batch = []
                for document in documents:
                    if company is not None and document["company"] == INSTALLATION:
                        shared.append((where.name, bson.decode(document.raw)))
                    else:
                        batch.append(known_again(document, now) if is_old and where.name == INBOX else document)
                if batch:
                    rows.insert_many(batch, ordered=False)
        return shared


def known_again(document: RawBSONDocument, now: dt.datetime) -> RawBSONDocument:
    """An applied event's id, remembered from now on: the database forgets it weeks after it was applied, so those of an
    old backup at once, and what is on its way would be applied a second time."""
    return RawBSONDocument(bson.encode({**bson.decode(document.raw, RAW.with_options(document_class=dict)), "at": now}))


def _grouped(found: Iterable[Any], sending: Publisher) -> Iterator[tuple[Collection, list[RawBSONDocument]]]:
    """Documents of one collection, some at a time; messages, which come last, are published."""
    where, batch = Collection("", ""), list[RawBSONDocument]()
    for record in found:
        if isinstance(record, RawBSONDocument):
            batch.append(record)
            if len(batch) < BATCH:
                continue
        if batch:
            yield where, batch
            batch = []
        if isinstance(record, Collection):
            where = record
        elif isinstance(record, Message):
            sending.publish(record.exchange, record.routing_key, record.body, record.headers)
