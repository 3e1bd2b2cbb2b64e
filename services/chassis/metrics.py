"""Counters and times of the chassis, served at /metrics in Prometheus' text format."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

HANDLED = Counter("vinculo_messages_total", "Messages handled", ["method", "outcome"])
SECONDS = Histogram("vinculo_message_seconds", "Seconds a handler took", ["method"])
RETRIED = Counter("vinculo_event_retries_total", "Events sent to a retry queue", ["method"])
PARKED = Counter("vinculo_parked_total", "Messages parked in the dead-letter queue", ["reason"])
PUBLISHED = Counter("vinculo_events_published_total", "Events confirmed by the broker", ["event"])
RECONNECTS = Counter("vinculo_broker_connections_total", "Connections made to the broker")
ARRIVALS_NOT_AWAITED = Counter(
    "vinculo_arrivals_not_awaited_total", "Calls refused at once, for others waited for copies already"
)
WORK_PENDING = Gauge("vinculo_work_pending", "Owned work waiting in this process", ["collection"])
