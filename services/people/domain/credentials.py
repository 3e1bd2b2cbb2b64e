"""What stands for a password after it was given once: sessions that refresh, and other systems' API keys (rows P9, G3).

Only digests of secrets come here. No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass, field

from services.chassis.errors import Invalid, Unauthenticated

# However often it is refreshed, a session asks for the password again after this.
SESSION_DAYS = 30
KEY_DAYS = 366
# So long a used refresh token answers with the same successor: its answer may be lost, two windows may come at once.
REPEATED_FOR = dt.timedelta(seconds=30)
MOST_REPEATABLE = 16
# What an API key is called as an actor, before its id.
KEY_ACTOR = "key:"
# A key's last use is noted at most this often.
USE_NOTED_EVERY = dt.timedelta(minutes=1)


@dataclass
class UsedToken:
    """A refresh token used a moment ago; `successor` is what it gave, sealed so that only the used one opens it."""

    digest: str
    used_at: dt.datetime
    successor: str


@dataclass
class SignedSession:
    """One sign-in of a user in a company: a family of refresh tokens, of which only the newest goes on."""

    id: str
    user_id: str
    epoch: int
    digest: str
    began_at: dt.datetime
    expires_at: dt.datetime
    version: int = 1
    used: list[UsedToken] = field(default_factory=list)

    @classmethod
    def begin(
        cls, id: str, user_id: str, epoch: int, digest: str, now: dt.datetime, idle: dt.timedelta
    ) -> SignedSession:
        return cls(id, user_id, epoch, digest, began_at=now, expires_at=now + idle)

    def is_newest(self, digest: str) -> bool:
        """Whether this is the token given last."""
        return hmac.compare_digest(self.digest, digest)

    def answered(self, digest: str, now: dt.datetime) -> str | None:
        """The sealed successor of a token used a moment ago; None of an older one: it, or its copy, was stolen."""
        for used in self._repeatable(now):
            if hmac.compare_digest(used.digest, digest):
                return used.successor
        return None

    def lives(self, epoch: int, now: dt.datetime) -> bool:
        return self.epoch == epoch and now < self.expires_at

    def rotate(self, digest: str, sealed: str, now: dt.datetime, idle: dt.timedelta) -> None:
        """`digest` of the successor, and the successor sealed under the token that is used with this."""
        self.used = [*self._repeatable(now), UsedToken(self.digest, now, sealed)][-MOST_REPEATABLE:]
        self.digest = digest
        self.expires_at = min(now + idle, self.began_at + dt.timedelta(days=SESSION_DAYS))

    def _repeatable(self, now: dt.datetime) -> list[UsedToken]:
        return [used for used in self.used if now - used.used_at < REPEATED_FOR]


@dataclass
class ApiKey:
    """Another system's key to one company: permissions of its own, an end, and when it was last used."""

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
        """Raises Unauthenticated("key_invalid"), and to who has the secret key_revoked or key_expired."""
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
        """Whether this use has to be noted."""
        if self.last_used_at is not None and now - self.last_used_at < USE_NOTED_EVERY:
            return False
        self.last_used_at = now
        return True

    def revoke(self, now: dt.datetime) -> None:
        self.revoked_at = self.revoked_at or now


def session_ended() -> Unauthenticated:
    return Unauthenticated("session_ended", "Sua sessão terminou; entre novamente.")


def key_revoked() -> Unauthenticated:
    return Unauthenticated("key_revoked", "Esta chave de API foi revogada.")


def key_invalid() -> Unauthenticated:
    return Unauthenticated("key_invalid", "Chave de API inválida.")
