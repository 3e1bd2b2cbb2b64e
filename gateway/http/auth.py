"""Makes the context of a request from its bearer token or API key, which also decides the company."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

from flask import current_app, g, request

from gateway.config import Config
from gateway.http import access, grants, keys, tokens
from gateway.http.rates import CallerRates
from services.chassis.access.context import INSTALLATION, Context, permission_missing
from services.chassis.errors import Invalid, Unauthenticated
from services.chassis.observability import logs

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,200}")
GRANT_HEADER = "X-Supervisor-Grant"
# Methods that ask, and change nothing.
SAFE = ("GET", "HEAD", "OPTIONS")


def authorise() -> None:
    """Runs before every request: checks the route's rule, the token or key, and the permission. Fills `g.claims`."""
    g.request_id = _request_id()
    logs.request_id.set(g.request_id)
    permission = access.required_permission()
    if permission is None:
        return
    g.claims = _claims()
    _count(g.claims)
    if permission not in g.claims["permissions"]:
        raise permission_missing(permission)
    _idempotency_key(changes=False)  # refuses an invalid header before anything is done


def context(seconds: float | None = None, action: str | None = None) -> Context:
    """The context of the signed-in request, whose deadline is `seconds` from now (by default VINCULO_RPC_SECONDS).

    `action` is the `<service>.<command>` that a supervisor's grant, if there is one, must be for.
    """
    claims = g.claims
    return Context(
        company=claims["company"],
        user=claims["sub"],
        user_name=claims["name"],
        permissions=tuple(claims["permissions"]),
        request_id=g.request_id,
        deadline=time.time() + (current_config().rpc_seconds if seconds is None else seconds),
        idempotency_key=_idempotency_key(changes=action is not None or request.method not in SAFE),
        scopes={kind: tuple(names) for kind, names in claims["scopes"].items()},
        person=claims["person"],
        supervisor=_supervisor(action) if action else None,
        session=claims["sid"],
    )


def sign_in_context() -> Context:
    """The context of somebody who has no token yet: may sign in, and nothing else."""
    deadline = time.time() + current_config().rpc_seconds
    return Context(INSTALLATION, "anonymous", "anonymous", ("installation.sign_in",), g.request_id, deadline)


def current_config() -> Config:
    config: Config = current_app.extensions["vinculo"].config
    return config


def address() -> str:
    """The client's IP address, behind VINCULO_TRUSTED_PROXIES proxies of ours."""
    return request.remote_addr or "unknown"


def _claims() -> dict[str, Any]:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    key = request.headers.get("X-Api-Key") or (bearer if bearer.startswith(keys.PREFIX) else "")
    if key and (scheme.lower() in ("", "bearer")):
        ring: keys.KeyRing = current_app.extensions["vinculo"].keys
        return ring.claims(key, _verify_key)
    if scheme.lower() != "bearer" or not bearer:
        raise Unauthenticated("token_missing", "Entre com seu usuário para continuar.")
    known: tokens.KnownTokens = current_app.extensions["vinculo"].tokens
    return known.claims(current_config(), bearer)


def _count(claims: dict[str, Any]) -> None:
    """Raises Limited("too_many_requests")."""
    rates: CallerRates = current_app.extensions["vinculo"].rates
    rates.count(claims["company"], claims["sub"] if claims["sid"] is None else None)


def _verify_key(key: str) -> dict[str, Any]:
    verified: dict[str, Any] = current_app.extensions["vinculo"].bus.call_secretly(
        "people", "verify_key", {"key": key}, sign_in_context()
    )
    return verified


def _supervisor(action: str) -> dict[str, str] | None:
    grant = request.headers.get(GRANT_HEADER)
    if grant is None:
        return None
    return grants.read(current_config(), grant, g.claims, grants.target_of(request, action))


def _request_id() -> str:
    header = request.headers.get("X-Request-Id", "")
    return header if REQUEST_ID.fullmatch(header) else secrets.token_hex(16)


def _idempotency_key(changes: bool) -> str | None:
    """The client's key, else a key of this request's own, if it `changes` something; else None."""
    header = request.headers.get("Idempotency-Key")
    if header is None:
        if not changes:
            return None
        # A retry by a careless client with the same X-Request-Id is a new request all the same.
        if "own_key" not in g:
            g.own_key = secrets.token_hex(16)
        return str(g.own_key)
    if not IDEMPOTENCY_KEY.fullmatch(header):
        detail = "Idempotency-Key: até 200 caracteres visíveis, sem espaços."
        raise Invalid("idempotency_key_invalid", detail, fields={"Idempotency-Key": [detail]})
    return header
