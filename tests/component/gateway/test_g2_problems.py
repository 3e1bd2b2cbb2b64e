"""Row G2: every refusal is a problem with a stable code; the API is documented where it runs."""

from __future__ import annotations

import pytest

from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nowhere", 404),
        ("GET", "/v1/persons/%00", 422),
        ("PATCH", "/v1/persons", 405),
        ("DELETE", "/v1/deliveries", 405),
        ("GET", "/v1/persons?limit=ten", 422),
        ("GET", "/v1/persons?cursor=%F0%9F%98%80", 422),
    ],
)
def test_a_bad_address_is_refused_as_a_problem(ana: Client, method: str, path: str, status: int) -> None:
    refused(ana.request(method, path), status)


def test_another_content_type_and_a_bad_key_are_refused(ana: Client) -> None:
    headers = {"Content-Type": "text/plain"}
    refused(ana.request("POST", "/v1/persons", data=b'{"name": "x"}', headers=headers), 415)
    for key in ("x" * 201, "with space"):
        answer = ana.request("POST", "/v1/persons", json={"name": "x"}, headers={"Idempotency-Key": key})
        refused(answer, 422, "idempotency_key_invalid")


def test_the_request_id_of_the_client_comes_back(ana: Client) -> None:
    answer = ana.request("GET", "/v1/persons", headers={"X-Request-Id": "0123-abcd-4567"})
    assert answer.headers["X-Request-Id"] == "0123-abcd-4567"
    hostile = ana.request("GET", "/v1/persons", headers={"X-Request-Id": "a" * 500})
    assert len(hostile.headers["X-Request-Id"]) <= 64


def test_answers_are_not_kept_or_sniffed(ana: Client) -> None:
    headers = ana.request("GET", "/v1/persons").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
