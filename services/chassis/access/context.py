"""The signed context of every request on the bus: who asks, for which company, and until when.

The gateway signs it and each service verifies it; no other header of a request is trusted. The signature covers the
routing key, the context and the body.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.chassis.access.keyring import GATEWAY, Keyring
from services.chassis.access.visibility import Sight
from services.chassis.errors import DeadlineExceeded, Forbidden
from services.chassis.observability import tracing

CONTEXT_HEADER = "vinculo-context"
SIGNATURE_HEADER = "vinculo-signature"

# The tenant of users and companies, which belong to the installation and not to one company.
INSTALLATION = "_installation"


@dataclass(frozen=True)
class Context:
    """`company` and `user` are ids; `permissions` are `noun.verb` strings; `deadline` is in seconds since the epoch.

    `scopes`: by kind ("section", "category", "attendance_type", "flow"), the names that the user may see; a kind that
    is missing is not narrowed. `person`: the user's own person in this company, if linked.
    `supervisor`: who approved this command: `id`, `name`, and the `grant` that is spent with it.
    `session`: the sign-in that the token came from; an API key has none.
    `person_asked`: the gateway asks people for the person at the same time, so that an empty list of a person's records
    need not check whether the person exists.
    `by_link`: not a user, but somebody who opened a link with its secret (visibility.py).
    `seen`: from If-Match, the `record` and the `version` that the caller saw of it (storage/expected_version.py).
    """

    company: str
    user: str
    user_name: str
    permissions: tuple[str, ...]
    request_id: str
    deadline: float
    idempotency_key: str | None = None
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    person: str | None = None
    supervisor: Mapping[str, str] | None = None
    session: str | None = None
    seen: Mapping[str, Any] | None = None
    person_asked: bool = False
    by_link: bool = False

    @property
    def sight(self) -> Sight:
        """What the user sees (access/visibility.py)."""
        return Sight(self.user, self.scopes, self.by_link)

    def require(self, permission: str) -> None:
        """Raises Forbidden("permission_missing") unless the user holds it."""
        if permission not in self.permissions:
            raise permission_missing(permission)

    def require_time(self) -> None:
        """Raises DeadlineExceeded when the caller has given up."""
        if time.time() >= self.deadline:
            raise DeadlineExceeded("deadline_exceeded", "O prazo desta chamada terminou antes do início.")


def permission_missing(permission: str) -> Forbidden:
    return Forbidden("permission_missing", "Você não tem permissão para esta ação.", permission=permission)


# The first part of an answer's tag; a request's tag begins with a routing key, so neither can pass for the other.
ANSWER = b"answer"

# One encoder for all contexts: json.dumps makes a new one for each.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
FIELDS = tuple(Context.__dataclass_fields__)


def to_json(context: Context) -> str:
    """The context as a request's header carries it; several requests with one context need it only once."""
    return _encode({name: getattr(context, name) for name in FIELDS})


def seal(context: Context | str, routing_key: str, body: bytes, keys: Keyring) -> dict[str, str]:
    """The headers of a request: the context (or what `to_json` gave for it), the signature and the trace."""
    text = context if isinstance(context, str) else to_json(context)
    service, parts = routing_key.partition(".")[0], (routing_key.encode(), text.encode(), body)
    return {CONTEXT_HEADER: text, SIGNATURE_HEADER: keys.tag(service, *parts), **tracing.headers()}


def unseal(headers: Mapping[str, Any], routing_key: str, body: bytes, keys: Keyring) -> Context:
    """Verifies that the gateway sent the request, and returns its context. Raises Unauthenticated("signature_invalid").

    Unknown fields are ignored: during an upgrade the gateway may be newer than a service.
    """
    text = str(headers.get(CONTEXT_HEADER, ""))
    keys.check(GATEWAY, headers.get(SIGNATURE_HEADER), routing_key.encode(), text.encode(), body)
    fields = {name: value for name, value in json.loads(text).items() if name in FIELDS}
    scopes = {kind: tuple(names) for kind, names in fields["scopes"].items()}
    return Context(**{**fields, "permissions": tuple(fields["permissions"]), "scopes": scopes})


def seal_answer(request_headers: Mapping[str, Any], body: bytes, keys: Keyring) -> dict[str, str]:
    """The headers of a service's answer. The signature covers that of the request: it is valid for no other request."""
    return {SIGNATURE_HEADER: keys.tag(GATEWAY, ANSWER, _tags(request_headers), body)}


def check_answer(
    service: str, headers: Mapping[str, Any], request_headers: Mapping[str, Any], body: bytes, keys: Keyring
) -> None:
    """Raises Unauthenticated("signature_invalid") unless `service` gave this answer to this very request."""
    keys.check(service, headers.get(SIGNATURE_HEADER), ANSWER, _tags(request_headers), body)


def _tags(request_headers: Mapping[str, Any]) -> bytes:
    return str(request_headers.get(SIGNATURE_HEADER, "")).encode(errors="replace")
