"""API keys of other systems: people says whose a key is; its answer is believed for a few seconds.

So a revoked key goes on for at most that long, and a busy one costs people a call each few seconds and process.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from typing import Any

from cachetools import TTLCache

from services.people.keys import contract

PREFIX = "vk_"
BELIEVED_SECONDS = 5.0
MOST = 1_000

Claims = dict[str, Any]


class KeyRing:
    """The claims of keys seen lately, by the key's digest: no key is kept in clear. Of too many, the busy ones stay."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._known: TTLCache[str, Claims] = TTLCache(MOST, BELIEVED_SECONDS, clock)

    def claims(self, key: str, verify: Callable[[str], dict[str, Any]]) -> Claims:
        """As of a user's token. `verify` asks people; a refusal is not remembered."""
        digest = hashlib.sha256(key.encode()).hexdigest()
        with self._lock:
            known = self._known.get(digest)
        if known is not None:
            return known
        claims = _claims_of(verify(key))
        with self._lock:
            self._known[digest] = claims
        return claims


def _claims_of(verified: dict[str, Any]) -> Claims:
    """A key is an actor of its own: no login, no session, no person."""
    return {
        "sub": contract.KEY_ACTOR + verified["id"],
        "name": verified["name"],
        "login": None,
        "company": verified["company"],
        "permissions": verified["permissions"],
        "scopes": verified["scopes"],
        "sid": None,
        "person": None,
    }
