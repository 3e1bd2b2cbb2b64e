"""Signed tokens, short and kept nowhere: a user's access to one company; a supervisor's grant for one command."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import jwt

from gateway.config import Config
from services.chassis.errors import Forbidden, Unauthenticated

ALGORITHM = "HS256"
ISSUER = "vinculo"
AUDIENCE = "vinculo-api"
GRANT_AUDIENCE = "vinculo-grant"

Claims = dict[str, Any]


def issue(config: Config, signed_in: dict[str, Any]) -> str:
    """For what people.sign_in answered; `scopes` and `person` only where there are any."""
    claims = {
        "sub": signed_in["user_id"],
        "name": signed_in["user_name"],
        "login": signed_in["login"],
        "company": signed_in["company"],
        "sid": signed_in["session_id"],
        "permissions": signed_in["permissions"],
    }
    few = {"scopes": signed_in["scopes"], "person": signed_in["person_id"]}
    few = {name: value for name, value in few.items() if value}
    return _encode(config, AUDIENCE, config.token_seconds, {**claims, **few})


def read(config: Config, token: str) -> Claims:
    """Raises Unauthenticated("token_expired") or ("token_invalid")."""
    required = ["sub", "name", "login", "company", "sid", "permissions"]
    try:
        claims = _decode(config, AUDIENCE, token, required)
    except jwt.ExpiredSignatureError as error:
        raise Unauthenticated("token_expired", "Sua sessão expirou; entre novamente.") from error
    except jwt.InvalidTokenError as error:
        raise Unauthenticated("token_invalid", "Sessão inválida; entre novamente.") from error
    return {"scopes": {}, "person": None, **claims}


def issue_grant(config: Config, claims: Claims, approval: dict[str, Any]) -> str:
    """For what people.approve_action answered to the user of `claims`."""
    supervisor = {"id": approval["supervisor_id"], "name": approval["supervisor_name"]}
    granted = {"jti": approval["id"], "sub": claims["sub"], "company": claims["company"], "supervisor": supervisor}
    about = {"action": approval["action"], "subject": approval["subject"]}
    return _encode(config, GRANT_AUDIENCE, approval["seconds"], {**granted, **about})


def read_grant(config: Config, grant: str, claims: Claims, action: str, ids: Iterable[Any]) -> dict[str, str]:
    """Who approved: `id`, `name`, `grant`. `ids` are those of the request's path.

    Raises Forbidden: grant_expired; grant_invalid (forged, or another user's or company's); grant_for_another_action.
    """
    try:
        granted = _decode(config, GRANT_AUDIENCE, grant, ["jti", "sub", "company", "supervisor", "action"])
    except jwt.ExpiredSignatureError as error:
        raise Forbidden("grant_expired", "A aprovação do supervisor expirou; peça outra.") from error
    except jwt.InvalidTokenError as error:
        raise _grant_invalid() from error
    if (granted["sub"], granted["company"]) != (claims["sub"], claims["company"]):
        raise _grant_invalid()
    if granted["action"] != action or granted["subject"] not in (None, *ids):
        raise Forbidden("grant_for_another_action", "A aprovação do supervisor é para outra ação.")
    return {**granted["supervisor"], "grant": granted["jti"]}


def _grant_invalid() -> Forbidden:
    return Forbidden("grant_invalid", "A aprovação do supervisor não é válida.")


def _encode(config: Config, audience: str, seconds: int, claims: Claims) -> str:
    now = dt.datetime.now(dt.UTC)
    times = {"iat": now, "exp": now + dt.timedelta(seconds=seconds)}
    return jwt.encode({"iss": ISSUER, "aud": audience, **times, **claims}, config.jwt_key, algorithm=ALGORITHM)


def _decode(config: Config, audience: str, token: str, required: list[str]) -> Claims:
    options: Any = {"require": ["exp", "iat", "iss", "aud", *required]}
    found: Claims = jwt.decode(
        token, config.jwt_key, algorithms=[ALGORITHM], issuer=ISSUER, audience=audience, options=options
    )
    return found
