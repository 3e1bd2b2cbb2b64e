"""The company's WhatsApp account, beside its mail accounts, and its templates in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.chassis.errors import NotFound
from services.chassis.pages import cursor_of, read_cursor, word
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant
from services.notifications.accounts.repository import ACCOUNTS, put_version
from services.notifications.whatsapp_accounts.model import WHATSAPP, Part, Template, WhatsAppAccount

TEMPLATES = "whatsapp_templates"
# the id begins with the company, and goes on with the name
BY_NAME = [("_id", 1)]
INDEXES = (Index(TEMPLATES, BY_NAME),)
# Of those that may be sent now, so many are named in a refusal.
MOST_NAMED = 20


class WhatsAppAccounts:
    """Of one company, which has one at most."""

    def __init__(self, tenant: Tenant) -> None:
        self._rows, self._cached = tenant.collection(ACCOUNTS), tenant.cached(ACCOUNTS)
        self._templates = tenant.collection(TEMPLATES)
        self._company = tenant.company

    @property
    def _id(self) -> str:
        return f"{self._company}:{WHATSAPP}"

    def find(self) -> WhatsAppAccount | None:
        return _account(self._rows.find_one({"_id": self._id}))

    def get(self) -> WhatsAppAccount:
        """Raises NotFound("whatsapp_account_not_found")."""
        found = self.find()
        if found is None:
            raise NotFound("whatsapp_account_not_found", "Não há conta de WhatsApp cadastrada.")
        return found

    def sending(self) -> WhatsAppAccount | None:
        """As it was seconds ago."""
        return _account(self._cached.find_one({"_id": self._id}))

    def save(self, account: WhatsAppAccount) -> WhatsAppAccount:
        """The next version; raises ConcurrentUpdate("version_changed") when another writer was first."""
        account.version += 1
        row = {**asdict(account), "_id": self._id}
        del row["id"]
        put_version(self._rows, row)
        return account

    def remove(self) -> None:
        self._rows.delete({"_id": self._id})
        self._templates.delete_many({})

    def forget(self) -> None:
        """What this process remembers of it; after the commit."""
        self._cached.forget(self._id)

    def put_templates(self, templates: Sequence[Template]) -> None:
        """In the place of those that were known."""
        self._templates.delete_many({})
        unique = {one.id: one for one in templates}.values()
        self._templates.insert_many(
            [
                {**asdict(one), "_id": f"{self._company}:{one.id}", "parts": list(map(asdict, one.parts))}
                for one in unique
            ]
        )

    def template(self, name: str, language: str) -> Template:
        """Raises NotFound("whatsapp_template_not_found")."""
        found = self._templates.find_one({"_id": f"{self._company}:{name}:{language}"})
        if found is None:
            raise NotFound("whatsapp_template_not_found", "Não há modelo aprovado com este nome e idioma.")
        return _template(found)

    def sendable(self) -> list[Template]:
        """The first that may be sent."""
        found = self._templates.find({}, BY_NAME, 5 * MOST_NAMED)
        return [one for one in map(_template, found) if one.sendable][:MOST_NAMED]

    def page(self, limit: int, cursor: str | None) -> dict[str, Any]:
        place = {"_id": {"$gt": read_cursor(cursor, word)[0]}} if cursor else {}
        found = self._templates.find(place, BY_NAME, limit + 1)
        following = cursor_of(found[limit - 1]["_id"]) if len(found) > limit else None
        return {"items": [_template(row) for row in found[:limit]], "next_cursor": following}


def _account(row: Document | None) -> WhatsAppAccount | None:
    if row is None:
        return None
    return as_record(row, WhatsAppAccount, id=WHATSAPP)


def _template(row: Document) -> Template:
    """One that was read by an earlier version bears no file, and no button that needs a value."""
    parts = tuple(
        Part(one["kind"], one["text"], tuple(one["variables"]), one.get("button", "")) for one in row["parts"]
    )
    return Template(row["name"], row["language"], row["category"], parts, row["sendable"], row.get("file"))
