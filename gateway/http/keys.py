"""API keys of other systems: people verifies a key, and its answer is cached for BELIEVED_SECONDS.

So a revoked key works for at most that long, and a busy key costs people one call in that time for each process.
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
    """A cache of keys' claims by the key's SHA-256: no key is kept in clear. The MOST most recently used ones stay."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._known: TTLCache[str, Claims] = TTLCache(MOST, BELIEVED_SECONDS, clock)

    def claims(self, key: str, verify: Callable[[str], dict[str, Any]]) -> Claims:
        """The claims of a key, in the form of an access token's. `verify` calls people; a refusal is not cached."""
        digest = hashlib.sha256(key.encode()).hexdigest()
        with self._lock:
            cached = self._known.get(digest)
        if cached is not None:
            return cached
        claims = _claims_of(verify(key))
        with self._lock:
            self._known[digest] = claims
        return claims


def _claims_of(verified: dict[str, Any]) -> Claims:
    """A key is an actor of its own, without login, session and person."""
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
