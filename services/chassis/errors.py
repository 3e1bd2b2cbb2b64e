"""The closed set of failures that cross a service boundary.

Classes are kinds, `code` says which rule refused, `detail` is the pt-BR sentence a person reads.
Failures travel by kind and code, never by class path. No framework may be imported here.
"""

from __future__ import annotations

from typing import Any, ClassVar


class Failure(Exception):
    """A refusal with a stable code.

    In: code (noun_state), pt-BR detail, and plain JSON `params` that help the caller (e.g. the existing code).
    """

    kind: ClassVar[str] = "failure"
    retryable: ClassVar[bool] = False

    def __init__(self, code: str, detail: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.params = params

    def to_wire(self) -> dict[str, Any]:
        return {"kind": self.kind, "code": self.code, "detail": self.detail, "params": self.params}


class Invalid(Failure):
    """The input breaks a rule; `params["fields"]` names each field with its messages."""

    kind = "invalid"


class Unauthenticated(Failure):
    kind = "unauthenticated"


class Forbidden(Failure):
    kind = "forbidden"


class NotFound(Failure):
    kind = "not_found"


class NotReplicatedYet(NotFound):
    """The replica of another service's record is missing. The chassis retries while its event may be on its way
    (handling/retrying.py).

    `awaited`: the record's id, which tells its age; None for a part of a known record, which has no id.
    """

    def __init__(self, code: str, detail: str = "", *, awaited: str | None) -> None:
        super().__init__(code, detail)
        self.awaited = awaited


class Conflict(Failure):
    kind = "conflict"


class ConcurrentUpdate(Conflict):
    """Another writer saved the same version first: the chassis runs the use case again, and at last raises this."""


class Limited(Failure):
    """Too many tries; `params["retry_after"]` says in how many seconds the next one counts."""

    kind = "rate"


class Unavailable(Failure):
    """Something needed is down; asking again later may work."""

    kind = "unavailable"
    retryable = True


class DeadlineExceeded(Failure):
    """The caller's time is over before the work began; nothing was done."""

    kind = "deadline_exceeded"


class Internal(Failure):
    """A defect of ours; the log has the reason under the request id, the caller gets none."""

    kind = "internal"


KINDS: dict[str, type[Failure]] = {
    cls.kind: cls
    for cls in (
        Invalid, Unauthenticated, Forbidden, NotFound, Conflict, Limited, Unavailable, DeadlineExceeded, Internal,
    )
}  # fmt: skip


def from_wire(error: dict[str, Any]) -> Failure:
    """The failure that a reply names; an unknown kind becomes Internal."""
    cls = KINDS.get(str(error.get("kind")), Internal)
    params = error.get("params") or {}
    return cls(str(error.get("code")), str(error.get("detail", "")), **params)
