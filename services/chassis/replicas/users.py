"""Replicas of the company's users, for services whose records name users."""

from __future__ import annotations

from collections.abc import Iterable

from services.chassis.errors import Conflict
from services.chassis.replicas.replica import Replicas
from services.chassis.storage.tenant import TenantCollection

COLLECTION = "users"


class CompanyUsers:
    """A user of two companies has a replica in each, since they may be active in one of them only."""

    def __init__(self, documents: TenantCollection, company: str) -> None:
        self._copies = Replicas(documents, "user", "Usuário não encontrado.")
        self._documents = documents
        self._company = company

    def require(self, user_id: str) -> None:
        """Raises NotFound("user_not_found") or Conflict("user_inactive")."""
        if not self._copies.get(self._id(user_id))["active"]:
            raise Conflict("user_inactive", "Este usuário não está ativo nesta empresa.")

    def require_all(self, user_ids: Iterable[str]) -> None:
        """`require` for several, by one read."""
        wanted = {self._id(user_id): user_id for user_id in user_ids}
        known = {row["_id"]: row["active"] for row in self._copies.find_many(sorted(wanted))}
        for key, user_id in wanted.items():
            if not known.get(key):
                self.require(user_id)

    def person_of(self, user_id: str) -> str | None:
        """The id of the user's own person; None without one, or while the user is not replicated yet."""
        found = self._documents.find_one({"_id": self._id(user_id)})
        return found["person_id"] if found else None

    def put(self, user_id: str, sequence: int, active: bool, name: str, person_id: str | None = None) -> None:
        """For a subscriber with `once=False`."""
        self._copies.put(self._id(user_id), sequence, active=active, name=name, person_id=person_id)

    def _id(self, user_id: str) -> str:
        return f"{self._company}:{user_id}"
