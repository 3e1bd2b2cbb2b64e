"""Erasures: requests of persons to have their data erased, with every service's receipt."""

from __future__ import annotations

from dataclasses import asdict

from services.chassis.errors import Conflict, NotFound
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import TenantCollection
from services.people.erasure.model import RUNNING, Erasure

INDEXES = (Index("erasures", [("person_id", 1), ("requested_at", -1), ("_id", -1)]),)


class Erasures:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def get(self, erasure_id: str) -> Erasure:
        return _required(self._documents.find_one({"_id": erasure_id}))

    def last_of(self, person_id: str) -> Erasure | None:
        found = self._documents.find({"person_id": person_id}, [("requested_at", -1), ("_id", -1)], 1)
        return _required(found[0]) if found else None

    def refuse_running(self, person_id: str) -> None:
        """Raises Conflict("erasure_running")."""
        last = self.last_of(person_id)
        if last is not None and last.state == RUNNING:
            raise Conflict("erasure_running", "A eliminação dos dados desta pessoa está em andamento.")

    def add(self, erasure: Erasure) -> None:
        self._documents.insert(_document(erasure))

    def save(self, erasure: Erasure) -> None:
        erasure.version += 1
        self._documents.replace(_document(erasure))


def _document(erasure: Erasure) -> Document:
    plain = asdict(erasure)
    return {"_id": plain.pop("id"), **plain}


def _required(document: Document | None) -> Erasure:
    if document is None:
        raise NotFound("erasure_not_found", "Não há pedido de eliminação desta pessoa.")
    return as_record(document, Erasure)
