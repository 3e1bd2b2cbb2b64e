"""The gateway application on a bus that answers what a test says: fixtures to import, tokens, and problems compared."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.config import Config
from gateway.http import tokens
from gateway.http.keys import KeyRing
from services.chassis.access.context import Context
from services.people.access import contract
from tests.support.stack.wire_keys import WireKeys

CONFIG = Config(
    amqp_uri="amqp://guest:guest@127.0.0.1:1/",
    keys=WireKeys().ring(),
    jwt_key="j" * 32,
    rpc_seconds=1.0,
    view_seconds=0.5,
    token_seconds=3600,
    heartbeat=10,
)
USER: dict[str, Any] = {
    "user_id": "u1", "user_name": "Ana", "login": "ana@padaria.example", "company": "c1", "roles": ["admin"],
    "permissions": sorted(contract.KNOWN_PERMISSIONS), "scopes": {}, "session_id": "s1", "person_id": None,
}  # fmt: skip


class FakeBus:
    """Records calls; answers or raises what it was told."""

    def __init__(self) -> None:
        self.answer: Any = {"id": "p1", "name": "Maria"}
        self.calls: list[tuple[str, str, dict[str, Any], Context]] = []
        self.pending = 0
        self.connections = 0

    def connected(self, seconds: float = 0) -> bool:
        return False

    def call(self, service: str, method: str, data: dict[str, Any], context: Context, command: bool = False) -> Any:
        self.calls.append((service, method, data, context))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    relay = call

    def call_secretly(self, service: str, method: str, data: dict[str, Any], context: Context) -> Any:
        return self.call(service, method, data, context)


@pytest.fixture
def bus() -> FakeBus:
    return FakeBus()


@pytest.fixture(scope="module")
def made() -> Flask:
    """Once: making it takes as long as all requests to it."""
    return create_app(CONFIG)


@pytest.fixture
def app(made: Flask, bus: FakeBus) -> Flask:
    object.__setattr__(made.extensions["vinculo"], "bus", bus)
    object.__setattr__(made.extensions["vinculo"], "keys", KeyRing())
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def bearer(**changes: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue(CONFIG, {**USER, **changes})}"}


def edits() -> dict[str, str]:
    """Of any version."""
    return {**bearer(), "If-Match": "*"}


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = answer.get_json(force=True)
    assert body["code"] == code
    assert body["type"] == f"urn:vinculo:problem:{code}"
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert body["title"]
    return body
