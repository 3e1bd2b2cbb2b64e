"""The gateway's metrics, in one registry for each application: a worker process answers for itself only.

Labels hold route patterns, never paths, so that no id and no search text is in them.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector

from gateway.bus.rpc import Bus
from services.chassis.observability import exposition

# Upper bounds in seconds. Each of some 250 routes has a series for each bound, so there are few.
BUCKETS = (0.05, 0.25, 1.0, 5.0)


class Metrics:
    """Every series carries the worker's process id, because a scrape reaches any one of them."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Histogram(
            "vinculo_gateway_request_seconds",
            "Seconds until the answer began",
            ["worker", "method", "route", "status"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._pending = Gauge(
            "vinculo_gateway_pending_calls", "Calls on their way", ["worker"], registry=self._registry
        )
        self._connected = Gauge(
            "vinculo_gateway_bus_connected", "1 when connected", ["worker"], registry=self._registry
        )
        self._connections = Gauge(
            "vinculo_gateway_bus_connections", "Connections made to the broker", ["worker"], registry=self._registry
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(_worker(), method, route, str(status)).observe(seconds)

    def text(self) -> bytes:
        """The metrics in Prometheus' text format."""
        self._pending.labels(_worker()).set(self._bus.pending)
        self._connected.labels(_worker()).set(self._bus.connected())
        self._connections.labels(_worker()).set(self._bus.connections)
        return exposition.text(self._registry)


def _worker() -> str:
    return str(os.getpid())
