"""Encodes the answer of an RPC as JSON bytes.

It is encoded in the worker, where an error still becomes an answer. An exception in nameko's `handle_result` ends the
process; the broker then delivers the request again, and it ends the next process too.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Failure, Internal
from services.chassis.observability.logs import place_of

log = logging.getLogger(__name__)

# One encoder for all answers: json.dumps makes a new one for each.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
ENCODING_ERRORS = (TypeError, ValueError, RecursionError, OverflowError)


@dataclass(frozen=True)
class Answer:
    """`body`: the answer as JSON; `failure`: the failure that it reports, if any."""

    body: bytes
    failure: Failure | None = None


def answer_of(method: str, result: Any, failure: Failure | None = None) -> Answer:
    """Encodes a result or a failure. It never raises: a result that is not plain JSON becomes an internal error;
    parameters of a failure that are not plain JSON are left out."""
    if failure is not None:
        return Answer(_refusal(method, failure), failure)
    try:
        return Answer(_bytes(result, None))
    except ENCODING_ERRORS as error:
        internal = report_defect(method, error)
        return Answer(_refusal(method, internal), internal)


def report_defect(method: str, error: BaseException) -> Internal:
    """Logs an unexpected exception and returns the internal error that the caller gets for it.

    Only the type and place of the exception are logged: its text may hold personal data.
    """
    log.error("defect", extra={"method": method, "error": type(error).__name__, "where": place_of(error)})
    return Internal("internal_error", "Erro interno; a equipe foi avisada.")


def _refusal(method: str, failure: Failure) -> bytes:
    try:
        return _bytes(None, failure.to_wire())
    except ENCODING_ERRORS as error:
        report_defect(method, error)
        return _bytes(None, {**failure.to_wire(), "params": {}})


def _bytes(result: Any, error: dict[str, Any] | None) -> bytes:
    """The version of a record comes first, so that gateway/bus/answers.py finds it without parsing the record."""
    version = result.get("version") if isinstance(result, dict) else None
    answer = {"version": version if isinstance(version, int) else None, "result": result, "error": error}
    try:
        return _encode(answer).encode()
    except UnicodeEncodeError:  # half a surrogate pair, repeated from the request: it travels escaped
        return json.dumps(answer, allow_nan=False, separators=(",", ":")).encode()
