"""All metrics of the services, served at /metrics in Prometheus' text format. A new metric is declared here."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

HANDLED = Counter("vinculo_messages_total", "Messages handled", ["method", "outcome"])
SECONDS = Histogram("vinculo_message_seconds", "Seconds a handler took", ["method"])
EVENT_AGE = Histogram(
    "vinculo_event_age_seconds",
    "Seconds from an event's announcement until a handler begins with it: how old its queue is",
    ["method"],
    buckets=(0.1, 1, 5, 30, 120, 600, 3600),
)
RETRIED = Counter("vinculo_event_retries_total", "Events sent to a retry queue", ["method"])
PARKED = Counter("vinculo_parked_total", "Messages parked in the dead-letter queue", ["reason"])
PUBLISHED = Counter("vinculo_events_published_total", "Events confirmed by the broker", ["event"])
COMPANY_EVENTS = Counter(
    "vinculo_company_events_total", "Business events announced, by company: a bounded number of them, else: other",
    ["company", "event"],
)  # fmt: skip
RECONNECTS = Counter("vinculo_broker_connections_total", "Connections made to the broker")
ARRIVALS_NOT_AWAITED = Counter(
    "vinculo_arrivals_not_awaited_total", "Calls refused at once, for others waited for copies already"
)
REPLIES_DROPPED = Counter("vinculo_replies_dropped_total", "Replies that found their connection full")
TEXTS_CLEARED = Counter("vinculo_texts_cleared_total", "Rows that outlived the time of their texts", ["collection"])
DEAD_LETTERS = Gauge("vinculo_dead_letters", "Messages in the service's dead-letter queue, by the broker's word")
QUEUE_MESSAGES = Gauge("vinculo_queue_messages", "Messages ready in a queue, by the broker's word", ["queue"])
READY = Gauge("vinculo_ready", "1 when /ready says so")
WORK_DONE = Counter("vinculo_work_done_total", "Leased work that ended well", ["collection"])
WORK_FAILURES = Counter(
    "vinculo_work_failures_total",
    "Leased work that failed, by itself or in passing trouble",
    ["collection", "kind"],
)
WORK_GIVEN_UP = Counter("vinculo_work_given_up_total", "Leased work that was parked", ["collection"])
WORK_PARKED = Gauge("vinculo_work_parked", "Leased work that is parked now, in the whole installation", ["collection"])
WORK_PENDING = Gauge("vinculo_work_pending", "Owned work waiting in this process", ["collection"])
WORK_WAITING = Gauge(
    "vinculo_work_waiting", "Leased work that is not done, in the whole installation (1000 are counted)", ["collection"]
)
WORK_OLDEST = Gauge("vinculo_work_oldest_seconds", "Age of the oldest leased work that is not done", ["collection"])
WORK_OVERDUE = Gauge("vinculo_work_overdue_seconds", "Since leased work was due and nobody took it", ["collection"])
