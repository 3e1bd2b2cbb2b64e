"""The company's templates in the database (rows S12, S23)."""

from __future__ import annotations

from services.chassis.errors import NotFound
from services.chassis.storage.indexes import Index
from services.chassis.storage.tenant import TenantCollection
from services.sales.shared.records import document_of, record_of
from services.sales.templates.model import MOST_TEMPLATES, Template, find_built_in

INDEXES = (Index("templates", [("kind", 1), ("_id", 1)]),)


class Templates:
    """Templates; `get` also finds the built-in ones, which are not in the database."""

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
        """The company's own templates of a kind, without the built-in one."""
        found = self._documents.find({"kind": kind}, [("_id", 1)], MOST_TEMPLATES)
        return [record_of(one, Template) for one in found]

    def add(self, template: Template) -> None:
        self._documents.insert(document_of(template))

    def save(self, template: Template) -> None:
        template.version += 1
        self._documents.replace(document_of(template))

    def delete(self, template: Template) -> None:
        self._documents.delete({"_id": template.id})
