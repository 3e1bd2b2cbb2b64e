"""What the probe service of the integration tests hears: its queue, and an event that says how its handler ends."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

NOTED_QUEUE = "evt-probe-noted--probe.on_probe_noted"


def noted_event(text: str, failures: int = 0) -> dict[str, Any]:
    """Its handler keeps `text`, and fails so many times before; always, where `failures` is -1."""
    return {
        "id": uuid.uuid4().hex, "source": "probe", "name": "noted", "version": 1, "company": "c1",
        "aggregate": uuid.uuid4().hex, "sequence": 1, "actor": {"id": "u1", "name": "Ana"}, "cause": "test",
        "at": dt.datetime.now(dt.UTC).isoformat(), "data": {"text": text, "seconds": 0, "failures": failures},
    }  # fmt: skip
