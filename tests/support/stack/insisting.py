"""A caller who is told to retry, and does, under the same key: by a 503, once the time of Retry-After is over; by the
409 of a writer who was overtaken until its time was over, at once."""

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
        if not _is_told_to_retry(answer) or time.monotonic() > end:
            return answer
        time.sleep(float(answer.headers.get("Retry-After", 0)))


def _is_told_to_retry(answer: requests.Response) -> bool:
    return answer.status_code == 503 or (answer.status_code == 409 and answer.json()["code"] == "version_changed")
