"""API keys: the credentials of other systems, with an end (row P9)."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass, field

from services.chassis.errors import Conflict, Invalid, Unauthenticated

KEY_DAYS = 366
# Of one company, neither revoked nor expired.
MOST_LIVE = 200

# The actor id of an API key is this prefix and the key's id.
KEY_ACTOR = "key:"
# A key's last use is noted at most this often.
USE_NOTED_EVERY = dt.timedelta(minutes=1)


@dataclass
class ApiKey:
    """Another system's key to one company, with its own permissions and scopes; `digest` is its secret's."""

    id: str
    name: str
    digest: str
    permissions: tuple[str, ...]
    created_by: str
    created_at: dt.datetime
    expires_at: dt.datetime
    scopes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    last_used_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        self.permissions = tuple(self.permissions)

    def refuse_bad_expiry(self) -> None:
        """Raises Invalid("expiry_invalid")."""
        if not self.created_at < self.expires_at <= self.created_at + dt.timedelta(days=KEY_DAYS):
            detail = f"A validade de uma chave vai até {KEY_DAYS} dias a partir de agora."
            raise Invalid("expiry_invalid", detail, fields={"expires_at": [detail]})

    def check(self, digest: str, now: dt.datetime) -> None:
        """Raises Unauthenticated: key_invalid for a wrong secret, else what refuse_ended raises."""
        if not hmac.compare_digest(self.digest, digest):
            raise key_invalid()
        self.refuse_ended(now)

    def is_live(self, now: dt.datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def refuse_ended(self, now: dt.datetime) -> None:
        """Raises Unauthenticated: key_revoked or key_expired."""
        if self.revoked_at is not None:
            raise key_revoked()
        if self.expires_at <= now:
            raise Unauthenticated("key_expired", "Esta chave de API expirou.")

    def use(self, now: dt.datetime) -> bool:
        """Notes a use of the key; False where the last one was noted within USE_NOTED_EVERY, and nothing changed."""
        if self.last_used_at is not None and now - self.last_used_at < USE_NOTED_EVERY:
            return False
        self.last_used_at = now
        return True

    def revoke(self, now: dt.datetime) -> None:
        self.revoked_at = self.revoked_at or now


def refuse_more(live: int) -> None:
    """Raises Conflict("keys_full") where a company has `live` keys that are neither revoked nor expired."""
    if live >= MOST_LIVE:
        detail = f"A empresa já tem {MOST_LIVE} chaves de API em vigor; revogue antes as que não usa mais."
        raise Conflict("keys_full", detail)


def key_revoked() -> Unauthenticated:
    return Unauthenticated("key_revoked", "Esta chave de API foi revogada.")


def key_invalid() -> Unauthenticated:
    return Unauthenticated("key_invalid", "Chave de API inválida.")
