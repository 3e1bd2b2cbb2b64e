"""The company's templates, and what was sent (rows S12, S23)."""

from __future__ import annotations

from services.chassis.errors import NotFound
from services.chassis.pages import after, page
from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.documents.model import Sending
from services.sales.shared.records import document_of, record_of
from services.sales.templates.model import MOST_TEMPLATES, Template, find_built_in

NEWEST = [("sent_at", -1), ("_id", -1)]
INDEXES = (
    Index("templates", [("kind", 1), ("_id", 1)]),
    Index("sendings", [("quote_id", 1), *NEWEST]),
    Index("sendings", [("opportunity_id", 1), *NEWEST]),
    Index("sendings", [("person_id", 1), *NEWEST]),
)


class Templates:
    """The built-in ones are found here, too, though no database keeps them."""

    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def get(self, template_id: str) -> Template:
        """Raises NotFound("template_not_found")."""
        known = find_built_in(template_id)
        if known is not None:
            return known
        found = self._documents.find_one({"_id": template_id})
        if found is None:
            raise NotFound("template_not_found", "Modelo não encontrado.")
        return record_of(found, Template)

    def of_kind(self, kind: str) -> list[Template]:
        """The company's own."""
        found = self._documents.find({"kind": kind}, [("_id", 1)], MOST_TEMPLATES)
        return [record_of(one, Template) for one in found]

    def add(self, template: Template) -> None:
        self._documents.insert(document_of(template))

    def save(self, template: Template) -> None:
        template.version += 1
        self._documents.replace(document_of(template))

    def delete(self, template: Template) -> None:
        self._documents.delete({"_id": template.id})


class Sendings:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, sending: Sending) -> None:
        self._documents.insert(document_of(sending))

    def page(self, field: str, owner_id: str, limit: int, cursor: str | None) -> Document:
        """Of a quote or an opportunity (`field`), newest first."""
        found = self._documents.visible.find({field: owner_id, **after(cursor, "sent_at")}, NEWEST, limit + 1)
        return page(found, limit, "sent_at", lambda document: record_of(document, Sending))
