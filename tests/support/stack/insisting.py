"""A caller who keeps to the contract of 503: asks again under the same key, once the time of Retry-After is over."""

from __future__ import annotations

import time
import uuid
from typing import Any

import requests

from tests.support.stack.system import Client

PATIENCE_SECONDS = 90.0


def insisted(client: Client, path: str, body: dict[str, Any] | None = None) -> requests.Response:
    """On a loaded machine a caller's time may be over before its turn. The last answer, whatever it is by then."""
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = client.request("POST", path, json=body, headers=headers, timeout=60)
        if answer.status_code != 503 or time.monotonic() > end:
            return answer
        time.sleep(float(answer.headers["Retry-After"]))
