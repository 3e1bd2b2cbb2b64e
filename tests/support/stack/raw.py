"""Requests that the gateway never sends: any body, any headers, any content type. And a service's counters."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import pika
import requests
from prometheus_client.parser import text_string_to_metric_families

from services.chassis.access.context import Context, seal
from tests.support.stack.bus import DIRECT_REPLY, PERMISSIONS, Bus


def context(**changes: Any) -> Context:
    fields: dict[str, Any] = {
        "company": "c1", "user": "u1", "user_name": "Ana", "permissions": PERMISSIONS,
        "request_id": uuid.uuid4().hex, "deadline": time.time() + 10, "idempotency_key": None,
    }  # fmt: skip
    return Context(**{**fields, **changes})


def body_of(data: dict[str, Any]) -> bytes:
    return json.dumps({"args": [], "kwargs": data}).encode()


def sealed(bus: Bus, routing_key: str, body: bytes, **changes: Any) -> dict[str, Any]:
    """The headers of a caller that knows the key."""
    return dict(seal(context(**changes), routing_key, body, bus.ring))


def ask(
    bus: Bus, routing_key: str, body: bytes, headers: dict[str, Any], content_type: str = "application/json"
) -> dict[str, Any]:
    """The answer to a request made by hand."""
    correlation = uuid.uuid4().hex
    properties = pika.BasicProperties(
        content_type=content_type, correlation_id=correlation, reply_to=DIRECT_REPLY, headers=headers
    )
    bus.publish("nameko-rpc", routing_key, body, properties)
    return bus.answer(routing_key.partition(".")[0], correlation, headers, time.time() + 15)


def counters(port: int, name: str, **labels: str) -> float:
    """The sum of a service's counter over what the labels leave open."""
    return float(sum(sample.value for sample in samples(port, name) if labels.items() <= sample.labels.items()))


def by_label(port: int, name: str, label: str) -> dict[str, float]:
    """A service's counter, summed by one label."""
    found: dict[str, float] = {}
    for sample in samples(port, name):
        found[sample.labels[label]] = found.get(sample.labels[label], 0) + sample.value
    return found


def samples(port: int, name: str) -> list[Any]:
    text = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
    families = text_string_to_metric_families(text)
    return [sample for family in families for sample in family.samples if sample.name == name]
