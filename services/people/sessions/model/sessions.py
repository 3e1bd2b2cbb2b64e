"""Sessions that refresh: the tokens given out, and when one is used twice (row P9)."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass, field

from services.chassis.errors import Unauthenticated

# However often it is refreshed, a session asks for the password again after this.
SESSION_DAYS = 30

# So long a used refresh token answers with the same successor: its answer may be lost, two windows may come at once.
REPEATED_FOR = dt.timedelta(seconds=30)
MOST_REPEATABLE = 16


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


def session_ended() -> Unauthenticated:
    return Unauthenticated("session_ended", "Sua sessão terminou; entre novamente.")
