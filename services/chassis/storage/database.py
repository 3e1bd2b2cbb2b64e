"""Access to the database of one service: the client, its transactions, and the failures that callers are told."""

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
from services.chassis.storage import indexes, session_kill
from services.chassis.storage.cached_rows import Cache
from services.chassis.storage.indexes import Index, SystemIndex
from services.chassis.storage.named_locks import LockTimeout, NamedLocks
from services.chassis.storage.rows import Document
from services.chassis.storage.series import Series
from services.chassis.storage.tenant import Tenant
from services.chassis.storage.transaction import BULK_WRITE_SINCE, Transaction

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
            # Writes outside of transactions are repeated by their own mechanisms (leases, inbox, retries).
            retryWrites=False,
            tz_aware=True,
            appname=name,
        )
        options: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=dt.UTC)
        self._collections: dict[str, Collection[Document]] = {}
        self._locks = NamedLocks()
        self.cache = Cache()
        self.series = Series()
        self._database = self.client.get_database(name, codec_options=options, write_concern=MAJORITY)

    def collection(self, name: str) -> Collection[Document]:
        """The collection with the rows of all companies: for the chassis only. It is cached, since a session opens many
        collections, and making one costs more than a session."""
        found = self._collections.get(name)
        if found is None:
            found = self._collections[name] = self._database[name]
        return found

    def tenant(self, company: str, transaction: Transaction | None = None) -> Tenant:
        return Tenant(self, company, transaction)

    @cached_property
    def _has_bulk_write(self) -> bool:
        """Whether the engine has the command that writes to several collections."""
        return int(self.client.admin.command("hello").get("maxWireVersion", 0)) >= BULK_WRITE_SINCE

    def ensure_indexes(self, declared: Iterable[Index | SystemIndex]) -> None:
        indexes.ensure(self._database, declared)

    def drop_undeclared_indexes(self, declared: Iterable[Index | SystemIndex]) -> list[str]:
        return indexes.drop_undeclared(self._database, declared)

    def clock_ahead(self) -> float:
        """By how many seconds at least this process's clock is ahead of the database's (negative: behind); 0 where the
        difference is less than the answer's time. Raises PyMongoError where no answer comes within a second."""
        with pymongo.timeout(1):
            asked = time.time()
            there = self.client.admin.command("hello")["localTime"].timestamp()
        return ahead_at_least(asked, there, time.time())

    def transact(self, work: Callable[[Transaction], T], seconds: float, lock: str = "") -> T:
        """Runs `work` as one transaction within `seconds`, and again after transient conflicts.

        `work` may run several times, so it must have no effect outside of the database. From the second run on it holds
        the named lock `lock` (a company's id), so that transactions in conflict run one after another. Raises
        Unavailable("database_busy") where the lock is not free in time.
        """
        until = time.monotonic() + seconds
        tries = 0
        # The session reads nothing but the transaction's snapshot.
        opened = self.client.start_session(causal_consistency=False)
        with pymongo.timeout(max(seconds, 0.05)), opened as session, ExitStack() as held:

            def run(client_session: ClientSession) -> T:
                nonlocal tries
                tries += 1
                if tries == 2:
                    held.enter_context(self._locks.hold(lock, until - time.monotonic()))
                transaction = Transaction(client_session, self._has_bulk_write)
                with self.series.run(client_session):
                    result = work(transaction)
                    transaction.send()
                    return result

            held.callback(self.series.settle, session)
            try:
                return session.with_transaction(run, ReadConcern("snapshot"), MAJORITY)
            except LockTimeout:
                raise Unavailable("database_busy", "Muitas alterações ao mesmo tempo; tente novamente.") from None
            except PyMongoError:
                if time.monotonic() >= until:
                    session_kill.kill_session(self.client, session.session_id)
                raise

    def close(self) -> None:
        self.client.close()


def ahead_at_least(asked: float, there: float, answered: float) -> float:
    """The least difference between our clock and another one that said `there` at some moment between `asked` and
    `answered`, which are our clock's times."""
    return max(asked - there, 0.0) or min(answered - there, 0.0)


def as_failure(error: PyMongoError) -> Unavailable | PyMongoError:
    """Unavailable for an error that may pass; any other error is returned as it is."""
    transient = isinstance(error, ConnectionFailure | ExecutionTimeout) or error.timeout
    if transient or (isinstance(error, OperationFailure) and error.has_error_label("TransientTransactionError")):
        return Unavailable("database_unavailable", "O banco de dados não respondeu; tente novamente.")
    return error
