"""Mail accounts in the database, and how many mails each may still send in this minute."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Protocol

from pymongo.errors import DuplicateKeyError

from services.chassis.errors import ConcurrentUpdate, NotFound
from services.chassis.storage.database import Database
from services.chassis.storage.indexes import Index, SystemIndex
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant, TenantCollection
from services.notifications.accounts.model import OF_COMPANY, Account, Owner

ACCOUNTS, MINUTES = "accounts", "account_minutes"
INDEXES = (Index(ACCOUNTS, [("_id", 1)]),)
EXPIRIES = (SystemIndex(MINUTES, [("minute", 1)], expire_after=600),)
# Allowances that a process takes at once: others may take theirs meanwhile.
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
        self._rows, self._remembered = tenant.collection(ACCOUNTS), tenant.remembered(ACCOUNTS)
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
        """The account that a mail of the user's goes through; None for the installation's. As it was seconds ago."""
        owners = [Owner("user", user_id)] if user_id else []
        found = (self._remembered.find_one({"_id": self._id(one.account_id)}) for one in (*owners, OF_COMPANY))
        return _account(next((one for one in found if one is not None), None))

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
        """What this process remembers of it; after the commit."""
        self._remembered.forget(self._id(owner.account_id))

    def _id(self, account_id: str) -> str:
        return f"{self._company}:{account_id}"


def _account(row: Document | None) -> Account | None:
    if row is None:
        return None
    return as_record(row, Account, id=row["_id"].partition(":")[2])


def note_sign_in(database: Database, company: str, account: Keyed, refused: str | None, at: dt.datetime) -> None:
    """What the server last said to the sign-in of this version of the account; None: it let us in."""
    where = {"_id": f"{company}:{account.id}", "company": company, "version": account.version}
    changes = {"refused": refused, "refused_at": at if refused else None}
    database.collection(ACCOUNTS).update_one(where, {"$set": changes})


def take_allowance(
    database: Database, company: str, account: Keyed, minute: dt.datetime, left: int = 0
) -> int:  # fmt: skip
    """How many mails this process may send from the account in this minute; 0 where its share is used up but for the
    last `left`, which are for others.

    Counted in the database for all processes together.
    """
    counters = database.collection(MINUTES)
    counter_id = f"{company}:{account.id}:{minute:%Y%m%d%H%M}"
    amount = min(LEASED, max(account.per_minute - left, 1))
    where = {"_id": counter_id, "taken": {"$lte": account.per_minute - left - amount}}
    if counters.update_one(where, {"$inc": {"taken": amount}}).matched_count:
        return amount
    if counters.find_one({"_id": counter_id}, {"_id": 1}) is not None:
        return 0
    try:
        counters.insert_one({"_id": counter_id, "company": company, "minute": minute, "taken": amount})
    except DuplicateKeyError:  # another process was first: the next mail asks again
        return take_allowance(database, company, account, minute, left)
    return amount
