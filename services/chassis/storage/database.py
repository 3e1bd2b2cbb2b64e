"""The only door to the database: one service's client, its transactions, and what a failure of it means."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import cached_property
from typing import TypeVar

import pymongo
from bson.codec_options import CodecOptions
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import ConnectionFailure, ExecutionTimeout, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from services.chassis.errors import Unavailable
from services.chassis.storage import abandoned, indexes
from services.chassis.storage.cached_rows import new_cache
from services.chassis.storage.indexes import Index, SystemIndex
from services.chassis.storage.lanes import LaneBusy, Lanes
from services.chassis.storage.rows import Document
from services.chassis.storage.series import Series
from services.chassis.storage.tenant import Tenant
from services.chassis.storage.transaction import TOGETHER_SINCE, Transaction

T = TypeVar("T")

MAJORITY = WriteConcern("majority", j=True)


class Database:
    """One service's database: client, indexes, transactions."""

    def __init__(self, uri: str, name: str) -> None:
        self.client: pymongo.MongoClient[Document] = pymongo.MongoClient(
            uri,
            serverSelectionTimeoutMS=2_000,
            connectTimeoutMS=2_000,
            socketTimeoutMS=10_000,
            maxPoolSize=64,
            # Single writes outside a transaction are repeated by the mechanism they belong to (leases, inbox, retries).
            retryWrites=False,
            tz_aware=True,
            appname=name,
        )
        options: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=dt.UTC)
        self._collections: dict[str, Collection[Document]] = {}
        self._lanes = Lanes()
        self.cache = new_cache()
        self.series = Series()
        self._database = self.client.get_database(name, codec_options=options, write_concern=MAJORITY)

    def collection(self, name: str) -> Collection[Document]:
        """For the chassis only: unscoped. Made once: a session opens many, and making one costs more than a session."""
        found = self._collections.get(name)
        if found is None:
            found = self._collections[name] = self._database[name]
        return found

    def tenant(self, company: str, transaction: Transaction | None = None) -> Tenant:
        return Tenant(self, company, transaction)

    @cached_property
    def _writes_alone(self) -> bool:
        """Whether the engine lacks the command that writes to several collections."""
        return int(self.client.admin.command("hello").get("maxWireVersion", 0)) < TOGETHER_SINCE

    def ensure_indexes(self, declared: Iterable[Index | SystemIndex]) -> None:
        indexes.ensure(self._database, declared)

    def drop_undeclared_indexes(self, declared: Iterable[Index | SystemIndex]) -> list[str]:
        return indexes.drop_undeclared(self._database, declared)

    def clock_ahead(self) -> float:
        """By how many seconds at least this process's clock is ahead of the database's (negative: behind); 0 where that
        cannot be told from the time that the answer took. Raises PyMongoError where none comes within a second."""
        with pymongo.timeout(1):
            asked = time.time()
            there = self.client.admin.command("hello")["localTime"].timestamp()
        return ahead_at_least(asked, there, time.time())

    def transact(self, work: Callable[[Transaction], T], seconds: float, lane: str = "") -> T:
        """Runs `work` as one transaction, again on transient conflicts, within `seconds`.

        `work` may run several times: no effect outside the database inside it. After a conflict it runs alone in its
        lane (a company's id), so each gets its turn; raises Unavailable("database_busy") where that does not come.
        """
        until = time.monotonic() + seconds
        tries = 0
        # nothing is read in the session but the transaction's own snapshot
        opened = self.client.start_session(causal_consistency=False)
        with pymongo.timeout(max(seconds, 0.05)), opened as session, ExitStack() as held:

            def in_turn(client_session: ClientSession) -> T:
                nonlocal tries
                tries += 1
                if tries == 2:
                    held.enter_context(self._lanes.hold(lane, until - time.monotonic()))
                transaction = Transaction(client_session, self._writes_alone)
                with self.series.run(client_session):
                    result = work(transaction)
                    transaction.send()
                    return result

            held.callback(self.series.settle, session)
            try:
                return session.with_transaction(in_turn, ReadConcern("snapshot"), MAJORITY)
            except LaneBusy:
                raise Unavailable("database_busy", "Muitas alterações ao mesmo tempo; tente novamente.") from None
            except PyMongoError:
                if time.monotonic() >= until:
                    abandoned.end(self.client, session.session_id)
                raise

    def close(self) -> None:
        self.client.close()


def ahead_at_least(asked: float, there: float, answered: float) -> float:
    """`there` is the other clock's time at some moment between the two."""
    return max(asked - there, 0.0) or min(answered - there, 0.0)


def as_failure(error: PyMongoError) -> Unavailable | PyMongoError:
    """The failure that a caller is told of for a database error: Unavailable where asking again may help."""
    passing = isinstance(error, ConnectionFailure | ExecutionTimeout) or error.timeout
    if passing or (isinstance(error, OperationFailure) and error.has_error_label("TransientTransactionError")):
        return Unavailable("database_unavailable", "O banco de dados não respondeu; tente novamente.")
    return error
