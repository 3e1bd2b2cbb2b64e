"""The text of /metrics, for services and gateway, in Prometheus' text format."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, disable_created_metrics, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST
# The series of creation times would double the number of series, and nothing uses them.
disable_created_metrics()  # type: ignore[no-untyped-call]


def text(registry: CollectorRegistry = REGISTRY) -> bytes:
    """All series of the registry, as they are now."""
    return generate_latest(registry)
