"""Copies of messages that were not handled, put where they wait: in a retry queue, or in `dead.<service>`, with why.

The original is acknowledged when its copy is stored.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from services.chassis.access.context import SIGNATURE_HEADER
from services.chassis.errors import Invalid, Unavailable
from services.chassis.messaging import topology
from services.chassis.messaging.publisher import Publisher
from services.chassis.observability import metrics

log = logging.getLogger(__name__)

ATTEMPT_HEADER = "vinculo-attempt"
FIRST_FAILED_HEADER = "vinculo-first-failed-at"
# Seconds since 1970 of the last year that a date can name.
LATEST = 253_370_764_800
# In characters. Headers that leave no room for ours are taken by no broker.
LONGEST_SIGNATURE = 200


def attempt_of(message: Any) -> int:
    """How often it was tried before."""
    return tries_in(message.headers or {})


def tries_in(headers: Mapping[str, Any]) -> int:
    """Headers are signed by nobody: what is no number of tries is none."""
    said = headers.get(ATTEMPT_HEADER)
    return max(said, 0) if isinstance(said, int) else 0


def first_failure_in(headers: Mapping[str, Any]) -> float | None:
    """In seconds since 1970; None where they say no moment."""
    said = headers.get(FIRST_FAILED_HEADER)
    return float(said) if isinstance(said, int | float) and 0 <= said <= LATEST else None


def retry(publisher: Publisher, service: str, message: Any, body: bytes, delay: int, attempt: int) -> None:
    """A copy in the retry queue of `delay` seconds, which comes back to the queue it came from; raises Unavailable when
    the broker did not take it."""
    name = topology.retry_name(service, delay)
    _copied(publisher, name, message.origin_queue, body, _headers(message, attempt))


def park(publisher: Publisher, service: str, message: Any, body: bytes, reason: str) -> None:
    """A copy in `dead.<service>` with the reason; raises Unavailable when the broker did not take it."""
    headers = _headers(message, attempt_of(message))
    headers |= {"vinculo-reason": reason, "vinculo-queue": message.origin_queue}
    _copied(publisher, "", topology.dead_queue_name(service), body, headers)
    metrics.PARKED.labels(reason).inc()
    log.error("message parked", extra={"reason": reason, "bytes": len(body)})


def _copied(publisher: Publisher, exchange: str, routing_key: str, body: bytes, headers: Mapping[str, Any]) -> None:
    """A copy that is refused leaves the original where it is, as one that the broker did not answer does."""
    try:
        publisher.publish(exchange, routing_key, body, headers)
    except Invalid as refusal:
        raise Unavailable(refusal.code, refusal.detail) from refusal


def _headers(message: Any, attempt: int) -> dict[str, Any]:
    before = message.headers or {}
    return {
        SIGNATURE_HEADER: str(before.get(SIGNATURE_HEADER, ""))[:LONGEST_SIGNATURE],
        ATTEMPT_HEADER: attempt,
        FIRST_FAILED_HEADER: first_failure_in(before) or time.time(),
    }
