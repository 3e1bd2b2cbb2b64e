"""Row G2: every refusal is a problem with a stable code; the API is documented where it runs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import requests

from tests.support.problems import refused
from tests.support.stack.system import Client, System

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"name": ', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000 + b"]" * 100_000, 422),
        (b'{"name": ' + b"[" * 40 + b"]" * 40 + b"}", 422),
        (b"[]", 422),
        (b'"name"', 422),
        (b"null", 422),
        (b'{"name": "\\u0000"}', 422),
        (b'{"name": "\\ud800"}', 422),
        (b'{"name": 5}', 422),
        (b'{"name": {"$gt": ""}}', 422),
        (b'{"__proto__": 1, "name": "x"}', 422),
        (b"", 422),
        (b'{"name": "' + b"x" * (2 << 20) + b'"}', 413),
    ],
)
def test_a_bad_body_is_refused_as_a_problem(ana: Client, body: bytes, status: int) -> None:
    refused(ana.request("POST", "/v1/persons", data=body, headers=JSON), status)


def test_the_documentation_needs_no_internet(system: System) -> None:
    document: dict[str, Any] = requests.get(f"{system.url}/openapi.json", timeout=10).json()
    assert document["openapi"].startswith("3.1")
    page = requests.get(f"{system.url}/docs/", timeout=10)
    assert page.status_code == 200
    addresses = set(re.findall(r"https?://[^/\"']+", page.text))
    assert addresses <= {system.url, "http://www.w3.org"}
    assert "/v1/persons" in json.dumps(document)
