"""What a process says at /metrics, service or gateway: Prometheus' text format."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, disable_created_metrics, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST
# The moments at which series began are asked for by no one, and double them.
disable_created_metrics()  # type: ignore[no-untyped-call]


def text(registry: CollectorRegistry = REGISTRY) -> bytes:
    """All series of the registry, as they are now."""
    return generate_latest(registry)
