"""Access tokens (JWT): a user's access to one company. They are short-lived and not stored.

A supervisor's grant is another kind of token: http/grants.py.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
import time
from collections.abc import Callable
from typing import Any

import jwt
from cachetools import LRUCache

from gateway.config import Config
from services.chassis.errors import Unauthenticated

ALGORITHM = "HS256"
ISSUER = "vinculo"
AUDIENCE = "vinculo-api"
MOST_KNOWN = 4_096

Claims = dict[str, Any]


def issue(config: Config, signed_in: dict[str, Any]) -> str:
    """The access token for an answer of people.sign_in; it has `scopes` and `person` only where they are not empty."""
    claims = {
        "sub": signed_in["user_id"],
        "name": signed_in["user_name"],
        "login": signed_in["login"],
        "company": signed_in["company"],
        "sid": signed_in["session_id"],
        "permissions": signed_in["permissions"],
    }
    optional = {"scopes": signed_in["scopes"], "person": signed_in["person_id"]}
    optional = {name: value for name, value in optional.items() if value}
    return encode(config, AUDIENCE, config.token_seconds, {**claims, **optional})


def read(config: Config, token: str) -> Claims:
    """The claims of an access token; raises Unauthenticated("token_expired") or Unauthenticated("token_invalid")."""
    required = ["sub", "name", "login", "company", "sid", "permissions"]
    try:
        claims = decode(config, AUDIENCE, token, required)
    except jwt.ExpiredSignatureError as error:
        raise Unauthenticated("token_expired", "Sua sessão expirou; entre novamente.") from error
    except jwt.InvalidTokenError as error:
        raise Unauthenticated("token_invalid", "Sessão inválida; entre novamente.") from error
    return {"scopes": {}, "person": None, **claims}


class KnownTokens:
    """A cache of verified tokens' claims by the token's SHA-256; the MOST_KNOWN most recently used ones stay. A token
    cannot be revoked before it expires, so verifying it again would give the same claims."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """`clock`: seconds since the epoch."""
        self._clock = clock
        self._lock = threading.Lock()
        self._known: LRUCache[bytes, Claims] = LRUCache(MOST_KNOWN)

    def claims(self, config: Config, token: str) -> Claims:
        """As `read`."""
        digest = hashlib.sha256(token.encode(errors="surrogatepass")).digest()
        with self._lock:
            known = self._known.get(digest)
        if known is not None and self._clock() < known["exp"]:
            return known
        claims = read(config, token)
        with self._lock:
            self._known[digest] = claims
        return claims


def encode(config: Config, audience: str, seconds: int, claims: Claims) -> str:
    now = dt.datetime.now(dt.UTC)
    times = {"iat": now, "exp": now + dt.timedelta(seconds=seconds)}
    return jwt.encode({"iss": ISSUER, "aud": audience, **times, **claims}, config.jwt_key, algorithm=ALGORITHM)


def decode(config: Config, audience: str, token: str, required: list[str]) -> Claims:
    options: Any = {"require": ["exp", "iat", "iss", "aud", *required]}
    claims: Claims = jwt.decode(
        token, config.jwt_key, algorithms=[ALGORITHM], issuer=ISSUER, audience=audience, options=options
    )
    return claims
