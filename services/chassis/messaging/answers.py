"""An RPC's answer as bytes, made where failures become answers: nothing that nameko calls afterwards can fail on it.

Before it was made in nameko's `handle_result`, where an exception ends the whole process, and the request, not yet
acknowledged, ends the next one.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Failure, Internal
from services.chassis.observability.logs import place_of

log = logging.getLogger(__name__)

# made once: json.dumps makes one for each answer
_written = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
UNSAYABLE = (TypeError, ValueError, RecursionError, OverflowError)


@dataclass(frozen=True)
class Answer:
    """The bytes of an answer, and the failure that they tell of, if any."""

    body: bytes
    failure: Failure | None = None


def answer_of(method: str, result: Any, failure: Failure | None = None) -> Answer:
    """The answer to a result or a failure. It never raises: a result that is no plain JSON becomes an internal error;
    parameters of a failure that are no plain JSON are left out."""
    if failure is not None:
        return Answer(_refusal(method, failure), failure)
    try:
        return Answer(_bytes(result, None))
    except UNSAYABLE as error:
        internal = defect(method, error)
        return Answer(_refusal(method, internal), internal)


def defect(method: str, error: BaseException) -> Internal:
    """An internal error for an unexpected exception. Its type and place are logged; its text may hold personal data."""
    log.error("defect", extra={"method": method, "error": type(error).__name__, "where": place_of(error)})
    return Internal("internal_error", "Erro interno; a equipe foi avisada.")


def _refusal(method: str, failure: Failure) -> bytes:
    try:
        return _bytes(None, failure.to_wire())
    except UNSAYABLE as error:
        defect(method, error)
        return _bytes(None, {**failure.to_wire(), "params": {}})


def _bytes(result: Any, error: dict[str, Any] | None) -> bytes:
    """As gateway/bus/answers.py reads it: the version of a record stands before it, so that nobody reads on for it."""
    version = result.get("version") if isinstance(result, dict) else None
    said = {"version": version if isinstance(version, int) else None, "result": result, "error": error}
    try:
        return _written(said).encode()
    except UnicodeEncodeError:  # half a surrogate pair, repeated from the request: it travels escaped
        return json.dumps(said, allow_nan=False, separators=(",", ":")).encode()
