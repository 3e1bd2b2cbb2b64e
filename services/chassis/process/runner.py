"""Runs one service as a process: `python -m services.chassis.process.runner services.people.service:People`.

eventlet patches the standard library before anything else is imported. On SIGTERM the process drains within the grace
time, and exits.
"""

# ruff: noqa: E402
from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import logging
import os
import signal
import sys
from typing import Any

from environs import EnvError
from nameko.containers import ServiceContainer

from services.chassis import config as configuration
from services.chassis.access.keyring import GATEWAY
from services.chassis.handling.entrypoints import subscriptions_of
from services.chassis.messaging.delivery import Consumer
from services.chassis.observability import logs, tracing
from services.chassis.process.health import Health
from services.chassis.process.service import Service, service_at

log = logging.getLogger(__name__)


def container_of(service: type[Service], config: configuration.Config) -> Any:
    """nameko's container with our settings."""
    return ServiceContainer(
        service,
        {
            "AMQP_URI": config.amqp_uri,
            "HEARTBEAT": config.heartbeat,
            "max_workers": config.max_workers,
            "vinculo": config,
        },
    )


def serve(service: type[Service], config: configuration.Config) -> int:
    """Runs until SIGTERM or SIGINT; 0 when all work was finished within the grace time, else 1."""
    container = container_of(service, config)
    asked_to_stop = eventlet.event.Event()

    def ask(*_: Any) -> None:
        if not asked_to_stop.ready():
            eventlet.spawn_n(asked_to_stop.send, None)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    consumer = container.shared_extensions[Consumer]
    runtime = next(iter(container.dependencies))
    eventlet.spawn(container.start)
    if config.health_port:
        Health(consumer, runtime).serve(config.health_host, config.health_port)
    log.info("started")
    died = eventlet.spawn(container.wait)
    died.link(lambda _: ask())
    asked_to_stop.wait()
    if died.dead:
        log.error("the container died")
        return 1
    return _drain(container, config.grace)


def _drain(container: Any, grace: float) -> int:
    """Stops consuming, finishes begun work, publishes the outbox; unfinished messages return to the broker."""
    log.info("draining")
    next(iter(container.dependencies)).stop_claiming()
    clean = False
    with eventlet.Timeout(grace, False):
        container.stop()
        clean = True
    log.info("stopped", extra={"clean": clean})
    return 0 if clean else 1


def main() -> None:
    try:
        service = service_at(sys.argv[1])
        config = configuration.from_environment(service.retentions)
        sources = {subscription.source for subscription in subscriptions_of(service)}
        config.keys.require(service.name, {GATEWAY, *sources})
        tracing.set_up(service.name)
    except EnvError as error:
        sys.exit(f"configuration: {error}")
    logs.set_up(service.name, config.log_level)
    code = serve(service, config)
    tracing.stop()
    sys.stderr.flush()
    # Ends also workers that exceeded the grace time; their messages were never acknowledged.
    os._exit(code)


if __name__ == "__main__":
    main()
