"""Correction letters of NF-e."""

from __future__ import annotations

from services.chassis.storage.indexes import Index
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.sales.corrections.model import MOST_LETTERS, Correction
from services.sales.shared.records import document_of, insert_once, record_of

LETTERS = "nfe_corrections"
# Leased work, apart from nfe_works, whose rows the previous version would take for cancellations.
WORKS = "nfe_correction_works"
# The most letters of a document that are read, refused ones included.
MOST_ASKED = 10 * MOST_LETTERS
INDEXES = (
    Index(LETTERS, [("nfe_id", 1), ("requested_at", -1), ("_id", -1)]),
    Index(LETTERS, [("person_id", 1), ("requested_at", -1), ("_id", -1)]),
)


class Corrections:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def of_nfe(self, nfe_id: str) -> list[Correction]:
        """The last one first."""
        found = self._documents.find({"nfe_id": nfe_id}, [("requested_at", -1), ("_id", -1)], MOST_ASKED)
        return [record_of(document, Correction) for document in found]

    def get(self, correction_id: str) -> Correction:
        found: Document = self._documents.find_one({"_id": correction_id}) or {}
        return record_of(found, Correction)

    def add(self, correction: Correction) -> None:
        insert_once(self._documents, document_of(correction))

    def save(self, correction: Correction) -> None:
        correction.version += 1
        self._documents.replace(document_of(correction))
