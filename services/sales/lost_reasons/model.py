"""The company's list of reasons of a loss (row S15).

An archived reason cannot be chosen any more; opportunities that were lost for it keep showing it.
No framework, store or clock may enter.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from services.chassis.errors import Conflict, Invalid, NotFound
from services.sales.shared.names import same_name

MOST_REASONS = 100


@dataclass
class LostReason:
    """`needs_details`: whoever chooses it must add details."""

    code: str
    name: str
    needs_details: bool = False
    archived: bool = False


# The reasons that every company begins with.
USUAL = (
    LostReason("price", "Preço"),
    LostReason("competitor", "Preferiu um concorrente"),
    LostReason("budget", "Sem verba"),
    LostReason("no_need", "Sem necessidade"),
    LostReason("postponed", "Adiou a compra"),
    LostReason("no_answer", "Não respondeu"),
    LostReason("product", "O produto não atende"),
    LostReason("other", "Outro motivo", needs_details=True),
)


def _usual() -> list[LostReason]:
    return [replace(reason) for reason in USUAL]


@dataclass
class LostReasons:
    """In the order they were added."""

    items: list[LostReason] = field(default_factory=_usual)
    version: int = 0

    @property
    def choosable(self) -> list[LostReason]:
        return [reason for reason in self.items if not reason.archived]

    def name_of(self, code: str) -> str | None:
        return next((reason.name for reason in self.items if reason.code == code), None)

    def get(self, code: str) -> LostReason:
        """Raises NotFound("lost_reason_not_found")."""
        for reason in self.items:
            if reason.code == code:
                return reason
        raise NotFound("lost_reason_not_found", "Motivo de perda não encontrado.")

    def choose(self, code: str, details: str) -> LostReason:
        """The reason for a loss. Raises NotFound("lost_reason_not_found"), Conflict("lost_reason_archived"),
        Invalid("lost_reason_details_missing")."""
        reason = self.get(code)
        if reason.archived:
            raise Conflict("lost_reason_archived", "Este motivo de perda foi arquivado; escolha outro.")
        if reason.needs_details and not details:
            detail = "Descreva o motivo."
            raise Invalid("lost_reason_details_missing", detail, fields={"details": [detail]})
        return reason

    def add(self, code: str, name: str, needs_details: bool) -> LostReason:
        """Raises Conflict("lost_reasons_full") or Conflict("lost_reason_exists")."""
        if len(self.items) >= MOST_REASONS:
            raise Conflict("lost_reasons_full", f"A empresa tem no máximo {MOST_REASONS} motivos de perda.")
        self._refuse_double(name)
        self.items.append(LostReason(code, name, needs_details))
        return self.items[-1]

    def change(self, code: str, name: str | None = None, needs_details: bool | None = None) -> LostReason:
        """Raises NotFound("lost_reason_not_found") or Conflict("lost_reason_exists")."""
        reason = self.get(code)
        if name is not None:
            self._refuse_double(name, but=reason)
            reason.name = name
        if needs_details is not None:
            reason.needs_details = needs_details
        return reason

    def archive(self, code: str) -> LostReason:
        """Raises NotFound("lost_reason_not_found"), Conflict("lost_reason_archived" or "lost_reason_last")."""
        reason = self.get(code)
        if reason.archived:
            raise Conflict("lost_reason_archived", "Este motivo de perda já está arquivado.")
        self._refuse_none_left(reason)
        reason.archived = True
        return reason

    def unarchive(self, code: str) -> LostReason:
        """Raises NotFound("lost_reason_not_found") or Conflict("lost_reason_not_archived")."""
        reason = self.get(code)
        if not reason.archived:
            raise Conflict("lost_reason_not_archived", "Este motivo de perda não está arquivado.")
        reason.archived = False
        return reason

    def remove(self, code: str, used: bool) -> None:
        """Raises NotFound("lost_reason_not_found"), Conflict("lost_reason_in_use") or Conflict("lost_reason_last")."""
        reason = self.get(code)
        if used:
            detail = "Há contatos de venda perdidos por este motivo; arquive-o em vez de excluí-lo."
            raise Conflict("lost_reason_in_use", detail)
        self._refuse_none_left(reason)
        self.items.remove(reason)

    def _refuse_none_left(self, without: LostReason) -> None:
        if self.choosable == [without]:
            raise Conflict("lost_reason_last", "A empresa precisa de ao menos um motivo de perda.")

    def _refuse_double(self, name: str, but: LostReason | None = None) -> None:
        if any(reason is not but and same_name(reason.name, name) for reason in self.items):
            raise Conflict("lost_reason_exists", "Já existe um motivo de perda com este nome.")
