"""Who asks, for which company, until when: the signed context of every message.

The gateway signs it, each service verifies it; nothing else in a message's headers is trusted. The signature covers
the routing key, the context and the body.
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

# Users and companies belong to the installation, not to one company: they live under this tenant.
INSTALLATION = "_installation"


@dataclass(frozen=True)
class Context:
    """company and user are ids; permissions are `noun.verb` strings; deadline is seconds since the epoch, UTC.

    `scopes` narrows what the user sees, by kind ("category", "attendance_type", "flow"): the names allowed.
    A kind that is not there is not narrowed. `person` is the user's own person in this company, if linked.
    `supervisor` approved this one command: `id`, `name`, and the `grant` that is spent with it.
    `session` is the sign-in that the token came from; an API key has none.
    `person_asked`: the caller asks people for the person at the same moment, and needs no word on whether there is one.
    `by_link`: no user, but somebody who proved the secret of a link (visibility.py).
    `seen`: the `record` whose `version` the caller of this one command has seen (storage/expected_version.py).
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


# Keeps an answer's tag apart from a request's, which begins with a routing key.
ANSWER = b"answer"

# made once: json.dumps makes one for each context
_text_of = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
FIELDS = tuple(Context.__dataclass_fields__)


def written(context: Context) -> str:
    """The context as requests carry it: written once for all that ask the same together."""
    members = {name: getattr(context, name) for name in FIELDS}
    return _text_of(members)


def seal(context: Context | str, routing_key: str, body: bytes, keys: Keyring) -> dict[str, str]:
    """The headers that carry a context, or what `written` gave of it, with a request."""
    text = context if isinstance(context, str) else written(context)
    service, parts = routing_key.partition(".")[0], (routing_key.encode(), text.encode(), body)
    return {CONTEXT_HEADER: text, SIGNATURE_HEADER: keys.tag(service, *parts), **tracing.carried()}


def unseal(headers: Mapping[str, Any], routing_key: str, body: bytes, keys: Keyring) -> Context:
    """The verified context of a request, which only the gateway makes; raises Unauthenticated("signature_invalid").

    A field that this version does not know is left out: during an upgrade the gateway may be newer than a service.
    """
    text = str(headers.get(CONTEXT_HEADER, ""))
    keys.check(GATEWAY, headers.get(SIGNATURE_HEADER), routing_key.encode(), text.encode(), body)
    fields = {name: value for name, value in json.loads(text).items() if name in FIELDS}
    scopes = {kind: tuple(names) for kind, names in fields["scopes"].items()}
    return Context(**{**fields, "permissions": tuple(fields["permissions"]), "scopes": scopes})


def seal_answer(asked: Mapping[str, Any], body: bytes, keys: Keyring) -> dict[str, str]:
    """The headers that go with a service's answer to the request whose headers are `asked`: it fits no other one."""
    return {SIGNATURE_HEADER: keys.tag(GATEWAY, ANSWER, _tags(asked), body)}


def check_answer(
    service: str, headers: Mapping[str, Any], asked: Mapping[str, Any], body: bytes, keys: Keyring
) -> None:
    """Raises Unauthenticated("signature_invalid") for what the service has not answered to this very request."""
    keys.check(service, headers.get(SIGNATURE_HEADER), ANSWER, _tags(asked), body)


def _tags(asked: Mapping[str, Any]) -> bytes:
    return str(asked.get(SIGNATURE_HEADER, "")).encode(errors="replace")
