"""Mailboxes in the database: each is leased work, to be read again and again (mailboxes/jobs.py)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from pymongo.errors import DuplicateKeyError

from services.chassis.errors import ConcurrentUpdate, NotFound
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant
from services.notifications.accounts.model import OF_COMPANY, Owner
from services.notifications.mailboxes.model import Mailbox

MAILBOXES = "mailboxes"
INDEXES = (Index(MAILBOXES, [("_id", 1)]),)


class Mailboxes:
    """Of one company; the ids are `company:mailbox`, for a user may be in several companies."""

    def __init__(self, tenant: Tenant) -> None:
        self._rows, self._cached = tenant.collection(MAILBOXES), tenant.cached(MAILBOXES)
        self._company = tenant.company

    def find(self, owner: Owner) -> Mailbox | None:
        found = self._rows.find_one({"_id": self._id(owner)})
        return mailbox_of(found) if found else None

    def get(self, owner: Owner) -> Mailbox:
        """Raises NotFound("mailbox_not_found")."""
        found = self.find(owner)
        if found is None:
            raise NotFound("mailbox_not_found", "Não há caixa de entrada cadastrada.")
        return found

    def of_company(self) -> Mailbox | None:
        """As it was seconds ago: where answers to the company's mails go."""
        found = self._cached.find_one({"_id": self._id(OF_COMPANY)})
        return mailbox_of(found) if found else None

    def save(self, mailbox: Mailbox, due: dt.datetime) -> Mailbox:
        """The next version, to be read at `due`; raises ConcurrentUpdate("version_changed")."""
        mailbox.version += 1
        fields = asdict(mailbox)
        row = {"_id": f"{self._company}:{fields.pop('id')}", **fields}
        if mailbox.version > 1:
            self._rows.replace(row)
            self._rows.update_many({"_id": row["_id"]}, {"$set": {"next_at": due}})
            return mailbox
        try:
            self._rows.insert({**row, "next_at": due})
        except DuplicateKeyError as error:
            raise ConcurrentUpdate("version_changed", "O registro foi alterado por outra pessoa.") from error
        return mailbox

    def remove(self, owner: Owner) -> None:
        """Raises NotFound("mailbox_not_found")."""
        if not self._rows.delete({"_id": self._id(owner)}):
            raise NotFound("mailbox_not_found", "Não há caixa de entrada cadastrada.")

    def forget(self, owner: Owner) -> None:
        """What this process remembers of it; after the commit."""
        self._cached.forget(self._id(owner))

    def _id(self, owner: Owner) -> str:
        return f"{self._company}:{owner.account_id}"


def mailbox_of(row: Document) -> Mailbox:
    return as_record(row, Mailbox, id=row["_id"].partition(":")[2])
