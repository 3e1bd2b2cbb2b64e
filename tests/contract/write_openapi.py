"""The documents of the API and of the events, as committed in docs/: `python -m tests.contract.write_openapi` renews
them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask

from gateway.app import create_app
from gateway.config import Config
from tests.support.stack.wire_keys import WireKeys

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMITTED, COMMITTED_EVENTS = DOCS / "openapi.json", DOCS / "asyncapi.json"


def application() -> Flask:
    """The gateway as it is, on a broker that is never asked for."""
    defaults = {"rpc_seconds": 1.0, "view_seconds": 1.0, "token_seconds": 60, "heartbeat": 10}
    texts = {"amqp_uri": "amqp://127.0.0.1:1/", "jwt_key": "j" * 32}
    fields: dict[str, Any] = {**defaults, **texts, "keys": WireKeys().ring()}
    return create_app(Config(**{name: fields[name] for name in Config.__dataclass_fields__ if name in fields}))


def document(path: str = "/openapi.json") -> dict[str, Any]:
    answer = application().test_client().get(path)
    assert answer.status_code == 200, answer.status_code
    found: dict[str, Any] = json.loads(answer.data)
    return found


def as_text(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    COMMITTED.write_text(as_text(document()))
    COMMITTED_EVENTS.write_text(as_text(document("/asyncapi.json")))
    print(f"written: {COMMITTED.name}, {COMMITTED_EVENTS.name}")
