"""Sessions with refresh tokens, and the reuse of a token that was used before (row P9)."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass, field

from services.chassis.errors import Unauthenticated

# A session ends after this many days, however often it is refreshed.
SESSION_DAYS = 30

# A used refresh token gives the same successor for so long: an answer may be lost, two windows may refresh at once.
REPEATED_FOR = dt.timedelta(seconds=30)
MOST_REPEATABLE = 16


@dataclass
class UsedToken:
    """A refresh token used a moment ago; `successor` is the token it gave, encrypted under the used one."""

    digest: str
    used_at: dt.datetime
    successor: str


@dataclass
class SignedSession:
    """One sign-in of a user in a company: a chain of refresh tokens, of which only the newest is valid.

    `epoch` is the user's at the sign-in; `digest` is the newest token's.
    """

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

    def successor_of(self, digest: str, now: dt.datetime) -> str | None:
        """The encrypted successor of a token that was used within REPEATED_FOR; None for any other."""
        for used in self._repeatable(now):
            if hmac.compare_digest(used.digest, digest):
                return used.successor
        return None

    def lives(self, epoch: int, now: dt.datetime) -> bool:
        return self.epoch == epoch and now < self.expires_at

    def rotate(self, digest: str, sealed: str, now: dt.datetime, idle: dt.timedelta) -> None:
        """Replaces the newest token. `digest` is its successor's; `sealed` is the successor encrypted under it."""
        self.used = [*self._repeatable(now), UsedToken(self.digest, now, sealed)][-MOST_REPEATABLE:]
        self.digest = digest
        self.expires_at = min(now + idle, self.began_at + dt.timedelta(days=SESSION_DAYS))

    def _repeatable(self, now: dt.datetime) -> list[UsedToken]:
        return [used for used in self.used if now - used.used_at < REPEATED_FOR]


def session_ended() -> Unauthenticated:
    return Unauthenticated("session_ended", "Sua sessão terminou; entre novamente.")
