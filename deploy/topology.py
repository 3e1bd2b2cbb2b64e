"""Declares every exchange and queue of the five services: `python -m deploy.topology`, before any service starts.

An event published before its reader first started would be lost without an error (architecture.md, fact 6).
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterator

from kombu import Exchange, Queue

from services.attendance.service import Attendance
from services.chassis import topology
from services.chassis.entrypoints import EventEntrypoint
from services.chassis.runtime import Service
from services.notifications.service import Notifications
from services.people.service import People
from services.sales.service import Sales
from services.scheduling.service import Scheduling

SERVICES: tuple[type[Service], ...] = (People, Attendance, Sales, Scheduling, Notifications)


def subscriptions(service: type[Service]) -> Iterator[topology.Subscription]:
    """The events that a service's methods hear."""
    for _, method in inspect.getmembers(service, inspect.isfunction):
        for entrypoint in getattr(method, "nameko_entrypoints", ()):
            if isinstance(entrypoint, EventEntrypoint):
                yield topology.Subscription(entrypoint.source, entrypoint.event, service.name)


def exchanges() -> list[Exchange]:
    return [topology.events_exchange(service.name) for service in SERVICES]


def queues(retry_delays: list[int]) -> list[Queue]:
    return [
        queue for service in SERVICES for queue in topology.queues(service.name, subscriptions(service), retry_delays)
    ]


def main() -> None:
    delays = [int(text) for text in os.environ.get("VINCULO_RETRY_DELAYS", "1,5,30,300").split(",")]
    uri = os.environ.get("AMQP_URI") or sys.exit("AMQP_URI is not set")
    wanted = queues(delays)
    topology.declare(uri, exchanges(), wanted)
    print(f"topology: {len(wanted)} queues declared")


if __name__ == "__main__":
    main()
