"""From a bearer token to the context of a request. The company comes from the verified token only."""

from __future__ import annotations

import datetime as dt
import re
import time
import uuid
from typing import Any

import jwt
from flask import current_app, g, request

from gateway import access
from gateway.config import Config
from services.chassis import logs
from services.chassis.context import INSTALLATION, Context
from services.chassis.errors import Invalid, Unauthenticated

ALGORITHM = "HS256"
ISSUER = "vinculo"
AUDIENCE = "vinculo-api"
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,200}")


def issue_token(config: Config, signed_in: dict[str, Any]) -> str:
    """A signed token for what people.sign_in answered."""
    now = dt.datetime.now(dt.UTC)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + dt.timedelta(seconds=config.token_seconds),
        "sub": signed_in["user_id"],
        "name": signed_in["user_name"],
        "login": signed_in["login"],
        "company": signed_in["company"],
        "roles": signed_in["roles"],
        "permissions": signed_in["permissions"],
        "scopes": signed_in["scopes"],
    }
    return jwt.encode(claims, config.jwt_key, algorithm=ALGORITHM)


def authorise() -> None:
    """Before every request: the rule of the route, the token, the permission. Fills `g.claims`."""
    g.request_id = _request_id()
    logs.request_id.set(g.request_id)
    permission = access.required_permission()
    if permission is None:
        return
    g.claims = _claims(current_config())
    context(seconds=0).require(permission)


def context(seconds: float | None = None) -> Context:
    """The context of the signed-in request, whose time ends `seconds` from now."""
    claims = g.claims
    return Context(
        company=claims["company"],
        user=claims["sub"],
        user_name=claims["name"],
        permissions=tuple(claims["permissions"]),
        scopes={kind: tuple(names) for kind, names in claims["scopes"].items()},
        request_id=g.request_id,
        deadline=time.time() + (current_config().rpc_seconds if seconds is None else seconds),
        idempotency_key=_idempotency_key(),
    )


def sign_in_context() -> Context:
    """The context of somebody who has no token yet: may sign in, and nothing else."""
    deadline = time.time() + current_config().rpc_seconds
    return Context(INSTALLATION, "anonymous", "anonymous", ("installation.sign_in",), g.request_id, deadline)


def current_config() -> Config:
    config: Config = current_app.extensions["vinculo"].config
    return config


def _claims(config: Config) -> dict[str, Any]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("token_missing", "Entre com seu usuário para continuar.")
    options: Any = {"require": ["exp", "iat", "iss", "aud", "sub", "name", "login", "company", "permissions", "scopes"]}
    try:
        claims: dict[str, Any] = jwt.decode(
            token, config.jwt_key, algorithms=[ALGORITHM], issuer=ISSUER, audience=AUDIENCE, options=options
        )
    except jwt.ExpiredSignatureError as error:
        raise Unauthenticated("token_expired", "Sua sessão expirou; entre novamente.") from error
    except jwt.InvalidTokenError as error:
        raise Unauthenticated("token_invalid", "Sessão inválida; entre novamente.") from error
    return claims


def _request_id() -> str:
    asked = request.headers.get("X-Request-Id", "")
    return asked if REQUEST_ID.fullmatch(asked) else uuid.uuid4().hex


def _idempotency_key() -> str:
    asked = request.headers.get("Idempotency-Key")
    if asked is None:
        # A retry by a careless client with the same X-Request-Id is a new request all the same.
        g.setdefault("own_key", uuid.uuid4().hex)
        return str(g.own_key)
    if not IDEMPOTENCY_KEY.fullmatch(asked):
        detail = "Idempotency-Key: até 200 caracteres visíveis, sem espaços."
        raise Invalid("idempotency_key_invalid", detail, fields={"Idempotency-Key": [detail]})
    return asked
