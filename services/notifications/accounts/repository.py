"""Mail accounts in the database, and how many mails each may still send in this minute."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Protocol

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from services.chassis.errors import ConcurrentUpdate, NotFound
from services.chassis.storage.database import Database
from services.chassis.storage.indexes import Index, SystemIndex
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant, TenantCollection
from services.notifications.accounts.model import OF_COMPANY, Account, Owner

ACCOUNTS, MINUTES, DAYS = "accounts", "account_minutes", "installation_days"
INDEXES = (Index(ACCOUNTS, [("_id", 1)]), Index(DAYS, [("_id", 1)]))
EXPIRIES = (
    SystemIndex(MINUTES, [("minute", 1)], expire_after=600),
    SystemIndex(DAYS, [("day", 1)], expire_after=3 * 86_400),
)
# How many mails a process takes from the limit at a time, so that other processes get theirs.
LEASED = 5


class Keyed(Protocol):
    """An account of any channel, as its row is known."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def per_minute(self) -> int: ...


def put_version(rows: TenantCollection, row: Document) -> None:
    """The row's first version, or its next; raises ConcurrentUpdate("version_changed")."""
    if row["version"] > 1:
        return rows.replace(row)
    try:
        return rows.insert(row)
    except DuplicateKeyError as error:
        raise ConcurrentUpdate("version_changed", "O registro foi alterado por outra pessoa.") from error


class Accounts:
    """Of one company; the ids are `company:account`, for a user may be in several companies."""

    def __init__(self, tenant: Tenant) -> None:
        self._rows, self._cached = tenant.collection(ACCOUNTS), tenant.cached(ACCOUNTS)
        self._days = tenant.collection(DAYS)
        self._company = tenant.company

    def find(self, owner: Owner) -> Account | None:
        return _account(self._rows.find_one({"_id": self._id(owner.account_id)}))

    def get(self, owner: Owner) -> Account:
        """Raises NotFound("mail_account_not_found")."""
        found = self.find(owner)
        if found is None:
            raise NotFound("mail_account_not_found", "Não há conta de e-mail cadastrada.")
        return found

    def sending(self, user_id: str | None) -> Account | None:
        """The account of the user's mails; None for the installation's. It may be some seconds old."""
        owners = [Owner("user", user_id)] if user_id else []
        found = (self._cached.find_one({"_id": self._id(one.account_id)}) for one in (*owners, OF_COMPANY))
        return _account(next((one for one in found if one is not None), None))

    def used_of_day(self, day: dt.date) -> int:
        """How many mails of that day (UTC) the installation's account was asked for; up to LEASED a process more than
        were sent."""
        found = self._days.find_one({"_id": day_id(self._company, day)})
        return found["taken"] if found else 0

    def save(self, account: Account) -> Account:
        """The next version; raises ConcurrentUpdate("version_changed") when another writer was first."""
        account.version += 1
        fields = asdict(account)
        row = {"_id": self._id(fields.pop("id")), **fields}
        put_version(self._rows, row)
        return account

    def remove(self, owner: Owner) -> None:
        """Raises NotFound("mail_account_not_found")."""
        if not self._rows.delete({"_id": self._id(owner.account_id)}):
            raise NotFound("mail_account_not_found", "Não há conta de e-mail cadastrada.")

    def forget(self, owner: Owner) -> None:
        """Drops the cached account; after the commit."""
        self._cached.forget(self._id(owner.account_id))

    def _id(self, account_id: str) -> str:
        return f"{self._company}:{account_id}"


def _account(row: Document | None) -> Account | None:
    if row is None:
        return None
    return as_record(row, Account, id=row["_id"].partition(":")[2])


def note_sign_in(database: Database, company: str, account: Keyed, refused: str | None, at: dt.datetime) -> None:
    """Records the server's last answer to the sign-in of this version of the account; None for a successful one."""
    where = {"_id": f"{company}:{account.id}", "company": company, "version": account.version}
    changes = {"refused": refused, "refused_at": at if refused else None}
    database.collection(ACCOUNTS).update_one(where, {"$set": changes})


def take_allowance(
    database: Database, company: str, account: Keyed, minute: dt.datetime, left: int = 0
) -> int:  # fmt: skip
    """Takes some of the account's mails of this minute for this process; returns how many, 0 where none is left. The
    last `left` of a minute are left to other senders.
    """
    row = {"_id": f"{company}:{account.id}:{minute:%Y%m%d%H%M}", "company": company, "minute": minute}
    return _take(database.collection(MINUTES), row, account.per_minute - left)


def take_of_day(database: Database, company: str, day: dt.datetime, most: int) -> int:
    """Takes some of the mails that the company may send through the installation's account on this day (UTC); returns
    how many, 0 where none is left.
    """
    return _take(database.collection(DAYS), {"_id": day_id(company, day), "company": company, "day": day}, most)


def day_id(company: str, day: dt.date) -> str:
    return f"{company}:{day:%Y%m%d}"


def _take(counters: Collection[Document], row: Document, most: int) -> int:
    """Counts in the database, for all processes together. `row`: the first row of a new counter."""
    amount = min(LEASED, max(most, 1))
    where = {"_id": row["_id"], "taken": {"$lte": most - amount}}
    if counters.update_one(where, {"$inc": {"taken": amount}}).matched_count:
        return amount
    if counters.find_one({"_id": row["_id"]}, {"_id": 1}) is not None:
        return 0
    try:
        counters.insert_one({**row, "taken": amount})
    except DuplicateKeyError:  # another process was first: the next mail asks again
        return _take(counters, row, most)
    return amount
