"""The documents of the API and of the events, and the list of refusals, as committed in docs/:
`python -m tests.contract.write_openapi` renews them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask

from gateway.app import create_app
from gateway.config import Config
from gateway.http.document import codes
from tests.support.stack.wire_keys import WireKeys

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMITTED, COMMITTED_EVENTS = DOCS / "openapi.json", DOCS / "asyncapi.json"
REFUSALS = DOCS / "refusals.md"
REFUSALS_HEAD = """# Refusals

Every code with which the API refuses, as the tests have seen it: its status, a `detail` as people read it (names and
amounts are those of a test), and the operations that answer it. How refusals look and what to do about a status:
[api.md](api.md), 6. Tests write this page (`python -m tests.contract.write_openapi`), and fail for a code that it does
not have and for a `detail` that is not Portuguese.
"""


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


def refusals_page() -> str:
    """All codes of the table (gateway/http/document/refusals.json), as a page."""
    table = codes.table()
    own: dict[tuple[str, str], list[str]] = {}
    for operation, statuses in table["operations"].items():
        for status, named in statuses.items():
            for code in named:
                own.setdefault((code, status), []).append(f"`{operation}`")
    everywhere = [(code, status) for status, named in table["everywhere"].items() for code in named]
    parts = [REFUSALS_HEAD, "## Of any operation\n", "| code | status | detail |\n|---|---|---|"]
    parts += [f"| `{code}` | {status} | {table['details'][code]} |" for code, status in sorted(everywhere)]
    parts += ["\n## Of some operations\n", "| code | status | detail | operations |\n|---|---|---|---|"]
    parts += [f"| `{code}` | {status} | {table['details'][code]} | {', '.join(sorted(operations))} |"
              for (code, status), operations in sorted(own.items())]  # fmt: skip
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    COMMITTED.write_text(as_text(document()))
    COMMITTED_EVENTS.write_text(as_text(document("/asyncapi.json")))
    REFUSALS.write_text(refusals_page())
    print(f"written: {COMMITTED.name}, {COMMITTED_EVENTS.name}, {REFUSALS.name}")
