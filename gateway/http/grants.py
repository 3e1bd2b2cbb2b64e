"""A supervisor's approval as a signed grant (JWT) for one user, one command, its record, and the body that they saw.

Bodies are compared as JSON: blanks and the order of names do not matter, every value does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jwt
from flask import Request

from gateway.config import Config
from gateway.http import tokens
from services.chassis.errors import Forbidden

AUDIENCE = "vinculo-grant"


@dataclass(frozen=True)
class GrantTarget:
    """What a grant is for: `<service>.<command>`, the record's id or None, and the body's digest."""

    action: str
    subject: str | None
    digest: str


def digest_of(body: Any) -> str:
    """SHA-256 (hex) of the canonical JSON."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def target_of(request: Request, action: str) -> GrantTarget:
    """The target that a command's request needs a grant for: its record is the last id in the path; a missing body
    counts as `{}`."""
    body = request.get_json(silent=True) if request.get_data() else {}
    return GrantTarget(action, _record(request.path, (request.view_args or {}).values()), digest_of(body))


def issue(config: Config, claims: tokens.Claims, approval: dict[str, Any]) -> str:
    """The grant for an answer of people.approve_action to the user of `claims`."""
    supervisor = {"id": approval["supervisor_id"], "name": approval["supervisor_name"]}
    granted = {"jti": approval["id"], "sub": claims["sub"], "company": claims["company"], "supervisor": supervisor}
    about = {name: approval[name] for name in ("action", "subject", "digest")}
    return tokens.encode(config, AUDIENCE, approval["seconds"], {**granted, **about})


def read(config: Config, grant: str, claims: tokens.Claims, target: GrantTarget) -> dict[str, str]:
    """The supervisor who approved: `id`, `name`, and the id of the `grant`.

    Raises Forbidden: grant_expired; grant_invalid (forged, or another user's or company's); grant_for_another_action
    (or record); grant_for_another_body.
    """
    required = ["jti", "sub", "company", "supervisor", "action", "digest"]  # not the subject: null counts as missing
    try:
        granted = tokens.decode(config, AUDIENCE, grant, required)
    except jwt.ExpiredSignatureError as error:
        raise Forbidden("grant_expired", "A aprovação do supervisor expirou; peça outra.") from error
    except jwt.InvalidTokenError as error:
        raise _invalid() from error
    if (granted["sub"], granted["company"]) != (claims["sub"], claims["company"]):
        raise _invalid()
    if (granted["action"], granted.get("subject")) != (target.action, target.subject):
        raise Forbidden("grant_for_another_action", "A aprovação do supervisor é para outra ação ou outro registro.")
    if granted["digest"] != target.digest:
        detail = "A aprovação do supervisor é para outros dados; peça outra para os que serão gravados."
        raise Forbidden("grant_for_another_body", detail)
    return {**granted["supervisor"], "grant": granted["jti"]}


def _record(path: str, ids: Iterable[Any]) -> str | None:
    parts = path.split("/")
    in_path = [str(id_) for id_ in ids if str(id_) in parts]
    return max(in_path, key=lambda id_: len(parts) - parts[::-1].index(id_), default=None)


def _invalid() -> Forbidden:
    return Forbidden("grant_invalid", "A aprovação do supervisor não é válida.")
