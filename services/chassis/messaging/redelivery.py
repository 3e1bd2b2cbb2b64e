"""Retry and parking of a message that was not handled: a copy goes to a retry queue, or to `dead.<service>` with the
reason. The original is acknowledged once the broker has the copy.
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
# 1 January 9999, in seconds since 1970: later moments may not fit into a datetime.
LATEST_MOMENT = 253_370_764_800
# In characters: the broker refuses headers that are too long, and these are copied from a message of unknown origin.
LONGEST_SIGNATURE = 200


def attempt_of(message: Any) -> int:
    """How many times the message was tried before."""
    return tries_in(message.headers or {})


def tries_in(headers: Mapping[str, Any]) -> int:
    """The number of tries; 0 for an invalid header, since headers are not signed."""
    tries = headers.get(ATTEMPT_HEADER)
    return max(tries, 0) if isinstance(tries, int) else 0


def first_failure_in(headers: Mapping[str, Any]) -> float | None:
    """When the message first failed, in seconds since 1970; None for a missing or invalid header."""
    moment = headers.get(FIRST_FAILED_HEADER)
    return float(moment) if isinstance(moment, int | float) and 0 <= moment <= LATEST_MOMENT else None


def retry(publisher: Publisher, service: str, message: Any, body: bytes, delay: int, attempt: int) -> None:
    """Puts a copy into the retry queue of `delay` seconds, from where it returns to its own queue. Raises Unavailable
    when the broker did not take the copy."""
    name = topology.retry_queue_name(service, delay)
    _publish_copy(publisher, name, message.origin_queue, body, _headers(message, attempt))


def park(publisher: Publisher, service: str, message: Any, body: bytes, reason: str) -> None:
    """Puts a copy into `dead.<service>` with the reason. Raises Unavailable when the broker did not take the copy."""
    headers = _headers(message, attempt_of(message))
    headers |= {"vinculo-reason": reason, "vinculo-queue": message.origin_queue}
    _publish_copy(publisher, "", topology.dead_queue_name(service), body, headers)
    metrics.PARKED.labels(reason).inc()
    log.error("message parked", extra={"reason": reason, "bytes": len(body)})


def _publish_copy(
    publisher: Publisher, exchange: str, routing_key: str, body: bytes, headers: Mapping[str, Any]
) -> None:
    """Raises Unavailable also for a copy that the broker refuses: the original then stays in its queue."""
    try:
        publisher.publish(exchange, routing_key, body, headers)
    except Invalid as refusal:
        raise Unavailable(refusal.code, refusal.detail) from refusal


def _headers(message: Any, attempt: int) -> dict[str, Any]:
    original = message.headers or {}
    return {
        SIGNATURE_HEADER: str(original.get(SIGNATURE_HEADER, ""))[:LONGEST_SIGNATURE],
        ATTEMPT_HEADER: attempt,
        FIRST_FAILED_HEADER: first_failure_in(original) or time.time(),
    }
