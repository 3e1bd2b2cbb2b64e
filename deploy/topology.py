"""Declares every exchange and queue of the five services: `python -m deploy.topology`, before any service starts.

An event published before its reader first started would be lost without an error.
"""

from __future__ import annotations

import sys

from environs import Env, EnvError
from kombu import Exchange, Queue
from marshmallow import validate

from services.catalogue import SERVICES as CLASSES
from services.chassis.config import RETRY_DELAYS, are_delays
from services.chassis.handling.entrypoints import subscriptions_of
from services.chassis.messaging import topology
from services.chassis.process.service import Service, service_at
from services.chassis.uris import is_amqp_uri

SERVICES: tuple[type[Service], ...] = tuple(service_at(path) for path in CLASSES.values())


def exchanges() -> list[Exchange]:
    return [topology.events_exchange(service.name) for service in SERVICES]


def queues(
    retry_delays: list[int], dead: tuple[int, int] = (topology.DEAD_DAYS, topology.DEAD_MESSAGES)
) -> list[Queue]:
    return [
        queue
        for service in SERVICES
        for queue in topology.queues(service.name, subscriptions_of(service), retry_delays, dead)
    ]


def settings() -> tuple[str, list[int], tuple[int, int]]:
    """The broker, the delays of retries, and the bounds of dead letters; raises EnvError."""
    env = Env()
    delays = env.list("VINCULO_RETRY_DELAYS", RETRY_DELAYS, subcast=int, validate=are_delays) or []
    days = env.int("VINCULO_DEAD_DAYS", topology.DEAD_DAYS, validate=validate.Range(1, 3650))
    most = env.int("VINCULO_DEAD_MESSAGES", topology.DEAD_MESSAGES, validate=validate.Range(1))
    return env.str("AMQP_URI", validate=is_amqp_uri), delays, (days, most)


def main() -> None:
    try:
        uri, delays, dead = settings()
        wanted = queues(delays, dead)
        topology.declare(uri, exchanges(), wanted)
    except EnvError as error:
        sys.exit(f"configuration: {error}")
    except topology.QueueNotEmpty as refusal:
        sys.exit(str(refusal))
    print(f"topology: {len(wanted)} queues declared")


if __name__ == "__main__":
    main()
