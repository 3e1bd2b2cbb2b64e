"""The preview of an entry's notifications: who would be notified and why, and who would not and why (row N8). Pure."""

from __future__ import annotations

from dataclasses import dataclass

WATCHER, DEFAULT_WATCHER, CUSTOMER, RECIPIENT = ROLES = ("watcher", "default_watcher", "customer", "recipient")
OWN_ACTION, MUTED_BY_USER = "own_action", "muted"
# By reason code, the codes of suppressed deliveries included: the sentence that the user reads.
REASONS = {
    OWN_ACTION: "É o próprio autor, que não pediu para ser avisado do que faz.",
    MUTED_BY_USER: "Silenciou os avisos desta pessoa.",
    "person_erased": "Os dados da pessoa foram eliminados.",
    "recipient_inactive": "O usuário não está ativo na empresa.",
    "recipient_unknown": "O usuário ainda não é conhecido aqui; será conferido no envio.",
    "whatsapp_account_missing": "A empresa não tem conta de WhatsApp.",
    "whatsapp_window_closed": "A janela de 24 horas está fechada: só um modelo aprovado pode ser enviado.",
    "right_missing": "O usuário não pode ver esta pessoa ou este atendimento.",
}
WHYS = {
    WATCHER: "Acompanha a pessoa.",
    DEFAULT_WATCHER: "Está na lista padrão da empresa, e ninguém acompanha a pessoa.",
    CUSTOMER: "É a pessoa, e foi pedido que ela seja notificada.",
    RECIPIENT: "Foi escolhido como destinatário.",
}
# A preview names this many watchers of a person at most.
MOST_NAMED = 100


@dataclass(frozen=True)
class AudienceMember:
    """One recipient of the preview. `mode`: how the alert would come (watching/model.py); `reason`: the code of why it
    would not, else None.
    """

    role: str
    recipient: str
    user_id: str | None
    name: str | None
    mode: str
    reason: str | None
    channel: str = "email"

    @property
    def suppressed(self) -> bool:
        return self.reason is not None and self.reason != "recipient_unknown"

    @property
    def why(self) -> str:
        return WHYS[self.role]

    @property
    def explanation(self) -> str | None:
        return REASONS.get(self.reason) if self.reason else None

    @property
    def user(self) -> dict[str, str] | None:
        return {"id": self.user_id, "name": self.name or ""} if self.user_id else None
