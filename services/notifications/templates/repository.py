"""Templates of e-mails in the database; by name."""

from __future__ import annotations

from dataclasses import asdict

from services.chassis.errors import NotFound
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.notifications.templates.model import MOST_TEMPLATES, MailTemplate

TEMPLATES = "mail_templates"
INDEXES = (Index(TEMPLATES, [("name", 1), ("_id", 1)]),)


class MailTemplates:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def get(self, template_id: str) -> MailTemplate:
        """Raises NotFound("mail_template_not_found")."""
        found = self._documents.find_one({"_id": template_id})
        if found is None:
            raise NotFound("mail_template_not_found", "Modelo de e-mail não encontrado.")
        return as_record(found, MailTemplate)

    def all(self) -> list[MailTemplate]:
        found = self._documents.find({}, [("name", 1), ("_id", 1)], MOST_TEMPLATES)
        return [as_record(row, MailTemplate) for row in found]

    def insert(self, template: MailTemplate) -> None:
        template.version = 1
        self._documents.insert(_document(template))

    def save(self, template: MailTemplate) -> None:
        """The next version; raises ConcurrentUpdate("version_changed") when another writer was first."""
        template.version += 1
        self._documents.replace(_document(template))

    def delete(self, template_id: str) -> None:
        """Raises NotFound("mail_template_not_found")."""
        if not self._documents.delete({"_id": template_id}):
            raise NotFound("mail_template_not_found", "Modelo de e-mail não encontrado.")


def _document(template: MailTemplate) -> Document:
    fields = asdict(template)
    return {"_id": fields.pop("id"), **fields}
