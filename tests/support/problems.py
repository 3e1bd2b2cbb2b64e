"""What a refusal must look like: RFC 9457, a stable code, and no word of the inside."""

from __future__ import annotations

from typing import Any

import requests

from tests.support import refusals

INSIDE = ("Traceback", "services/", "gateway/", "pymongo", "nameko", "amqp", "marshmallow", '.py"')


def refused(answer: requests.Response, status: int, code: str | None = None) -> dict[str, Any]:
    """The problem; asserts its form, status and (where given) code."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:500]}"
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem: dict[str, Any] = answer.json()
    refusals.note(answer)
    assert {"type", "title", "status", "code", "detail", "request_id"} <= problem.keys()
    assert problem["status"] == status
    assert problem["type"].endswith(problem["code"])
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert not any(word in answer.text for word in INSIDE), answer.text[:500]
    if code is not None:
        assert problem["code"] == code
    if status == 503:
        assert int(answer.headers["Retry-After"]) > 0
    return problem


def field_refused(answer: requests.Response, field: str) -> None:
    """422 that names the field."""
    assert field in refused(answer, 422)["fields"], answer.text
