"""The job that fetches the file of a customer's message from the API and stores both (rows N4, N10)."""

from __future__ import annotations

import datetime as dt
from typing import cast

from services.chassis.errors import Conflict
from services.chassis.handling.session import Actor
from services.chassis.jobs.leased import Job
from services.chassis.jobs.work import Work
from services.chassis.process.runtime import Runtime
from services.chassis.storage.rows import Document
from services.notifications.cloud_api.client import TROUBLES, ApiRefused, FileTooLarge
from services.notifications.cloud_api.failures import failure_of
from services.notifications.deliveries.model import File
from services.notifications.inbound.receiving import receive
from services.notifications.session import NotificationsSession
from services.notifications.whatsapp.files import FILES, received_of, retry_wait
from services.notifications.whatsapp_accounts.checking import api_of, secrets_of

FETCHER = Actor("whatsapp", "WhatsApp")
FETCH_SECONDS, STORE_SECONDS = 45.0, 20.0
# Each holds a file of 16 MiB in memory.
FETCHERS = 2


class FetchFailed(Exception):
    """`final`: another attempt is of no use."""

    def __init__(self, final: bool) -> None:
        super().__init__(final)
        self.final = final


def make_fetcher(runtime: Runtime) -> Job:
    """The job that fetches one file.

    After the last failure the message is stored with the file's name in `left_out`.
    """

    def fetch(row: Document) -> None:
        if row["message"] is None:
            return
        session = cast(NotificationsSession, runtime.session_for(row["company"], FETCHER, row["_id"], None))
        try:
            content = _fetch(session, row)
        except FetchFailed as unfetched:
            tries = row["tries"] + 1
            wait = None if unfetched.final else retry_wait(tries)
            if wait is not None:
                Work(runtime.database, FILES, row, ("next_at",)).put_off(dt.datetime.now(dt.UTC) + wait, tries=tries)
                return
            content = None
        if content is not None and row["person_id"]:
            session.whatsapp_files.add_parts(row, content)
        runtime.transact(
            row["company"], FETCHER, row["_id"], STORE_SECONDS, lambda tx: _hand_on(tx, row["_id"], content)
        )

    return Job(fetch, FETCH_SECONDS + 2 * STORE_SECONDS, FETCHERS)


def _fetch(session: NotificationsSession, row: Document) -> bytes:
    """Raises Unfetched."""
    account = session.whatsapp_accounts.find()
    if account is None:
        raise FetchFailed(final=True)
    try:
        return api_of(account, secrets_of(session.company, account)).file(row["file_id"], FETCH_SECONDS)
    except FileTooLarge as error:
        raise FetchFailed(final=True) from error
    except ApiRefused as error:
        raise FetchFailed(failure_of(error.status, error.code).permanent) from error
    except (*TROUBLES, Conflict) as error:
        raise FetchFailed(final=False) from error


def _hand_on(tx: NotificationsSession, row_id: str, content: bytes | None) -> None:
    """Stores the message once: an erasure may have removed the row, or another process done the same work."""
    row = tx.whatsapp_files.waiting(row_id)
    if row is None:
        tx.whatsapp_files.forget_parts(row_id)
        return
    if content is None:
        receive(tx, received_of(row, left_out=[row["name"]]))
    else:
        receive(tx, received_of(row, files=[File(row["name"], row["media_type"], content)]))
    tx.whatsapp_files.settle(row, content if row["person_id"] else None)
