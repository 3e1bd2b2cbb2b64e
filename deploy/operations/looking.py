"""What is seen of an installation: the broker and its queues, the databases, each service's work. Changes nothing."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from amqp.exceptions import NotFound
from kombu import Connection

from deploy.local.processes import LOOPBACK
from deploy.operations.installation import amqp_uri, database_of, local_folder, ports_of
from deploy.operations.parked import GivenUp, listed
from deploy.topology import SERVICES
from services.chassis.handling.entrypoints import subscriptions_of
from services.chassis.jobs.backlog import Backlog, backlog_of
from services.chassis.messaging import outbox, topology
from services.chassis.process.service import Service
from services.chassis.replicas import redirects

SECONDS = 5
# backup/restoring.py
RESTORE_MARK = "backup_restore"


@dataclass(frozen=True)
class Queue:
    """As the broker says; None where it is missing."""

    name: str
    waiting: int | None
    readers: int


@dataclass(frozen=True)
class ServiceSeen:
    """`troubles`: what its /ready says is missing; None where it was not asked."""

    name: str
    requests: Queue
    events: list[Queue]
    retries: list[Queue]
    work: dict[str, Backlog]
    given_up: list[GivenUp]
    troubles: list[str] | None


def broker_version() -> str:
    with Connection(amqp_uri(), connect_timeout=SECONDS) as connection:
        connection.connect()
        properties = connection.connection.server_properties
        return f"{properties.get('product', '?')} {properties.get('version', '?')}"


def database_state() -> tuple[str, bool]:
    """Its version, and whether it takes transactions: a primary of a replica set, or what speaks as one."""
    with database_of("people") as database:
        told = database.client.admin.command("hello")
        version = database.client.admin.command("buildInfo").get("version", "?")
    return str(version), bool(told.get("isWritablePrimary") and told.get("logicalSessionTimeoutMinutes"))


def half_restored() -> bool:
    """Whether a restore began and did not end."""
    with database_of("people") as database:
        return database.collection(RESTORE_MARK).find_one({}) is not None


def queues(names: list[str]) -> list[Queue]:
    found = []
    with Connection(amqp_uri(), connect_timeout=SECONDS) as connection:
        channel = connection.channel()
        for name in names:
            try:
                told = channel.queue_declare(name, passive=True)
                found.append(Queue(name, told.message_count, told.consumer_count))
            except NotFound:
                channel = connection.channel()  # the broker has closed the other one
                found.append(Queue(name, None, 0))
    return found


def service_seen(service: type[Service], delays: list[int]) -> ServiceSeen:
    names = [one.queue for one in subscriptions_of(service)]
    retries = [topology.retry_queue_name(service.name, seconds) for seconds in sorted(set(delays))]
    requests, *others = queues([f"rpc-{service.name}", *names, *retries])
    kinds = [outbox.COLLECTION, *service.jobs, *([redirects.COLLECTION] if service.inventory else [])]
    now = dt.datetime.now(dt.UTC)
    with database_of(service.name) as database:
        work = {kind: backlog_of(database, kind, now) for kind in kinds}
    events, waiting = others[: len(names)], others[len(names) :]
    given_up = listed([service.name], None)
    return ServiceSeen(service.name, requests, events, waiting, work, given_up, troubles_of(service.name))


def services_seen(delays: list[int]) -> list[ServiceSeen]:
    return [service_seen(service, delays) for service in SERVICES]


def troubles_of(process: str) -> list[str] | None:
    """What its /ready says, where `make run` or VINCULO_HEALTH_URLS (`people=http://...,`...) tells its address."""
    url = _health_urls().get(process)
    if url is None:
        return None
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/ready", timeout=SECONDS):  # noqa: S310 (an operator's own setting)
            return []
    except urllib.error.HTTPError as answer:
        with contextlib.suppress(ValueError, KeyError):
            return list(map(str, json.loads(answer.read())["troubles"]))
        return [f"HTTP {answer.code}"]
    except OSError:
        return ["does not answer"]


def _health_urls() -> dict[str, str]:
    given = os.environ.get("VINCULO_HEALTH_URLS", "")
    urls: dict[str, str] = dict(_pair(text) for text in given.split(",") if "=" in text)
    if not given and _is_local():
        ports = ports_of(local_folder())
        urls |= {
            name.removeprefix("health-"): f"http://{LOOPBACK}:{port}"
            for name, port in ports.items()
            if name == "gateway" or name.startswith("health-")
        }
    return urls


def _is_local() -> bool:
    """Whether the installation looked at is that of `make run`."""
    port: Any = ports_of(local_folder() / "database").get("database")
    return port is not None and f"{LOOPBACK}:{port}/" in os.environ.get("MONGO_URI", "")


def _pair(text: str) -> tuple[str, str]:
    name, _, url = text.partition("=")
    return name.strip(), url.strip()
