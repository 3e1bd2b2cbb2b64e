"""What each process may do at the broker, derived from the topology; as definitions that RabbitMQ imports at its start.

A later version may hear others' events, and need rights more: `python -m deploy.broker_rights` prints the commands of
`rabbitmqctl` that give them to the users of an installation that is there (k8s/up.sh does, before a rollout).

Each process has a user of its own, which reaches its own queues and the exchanges it needs, and no other's. Replies and
dead letters go through the default exchange, so every service may write to it: what comes that way is believed for its
signature only (ADR 0024).
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.topology import SERVICES
from services.chassis.access.keyring import GATEWAY
from services.chassis.handling.entrypoints import subscriptions_of
from services.chassis.messaging import purge, topology
from services.chassis.process.service import Service

# Declares the topology, looks after dead letters; counts messages for autoscaling and monitoring, and reads none.
OPERATOR, MONITOR = "operator", "monitor"
# Erases a person's messages where they wait, of every service (services/people/erasure/jobs.py).
ERASER = "people"
DEFAULT_EXCHANGE = "amq.default"
NOTHING, ALL = "^$", ".*"
VHOST = "/"
SALT_BYTES = 4


@dataclass(frozen=True)
class Rights:
    """RabbitMQ's three permissions of a user, as patterns of names; `tags` open the management interface."""

    configure: str
    write: str
    read: str
    tags: tuple[str, ...] = ()


def own_queues(service: str) -> list[str]:
    """Patterns of the queues that the service consumes: its requests, and the events that it hears."""
    return [f"rpc-{service}", rf"evt-[a-z_]+-[a-z_]+--{service}\.[a-z_]+"]


def rights_of(service: type[Service]) -> Rights:
    """The queues and exchanges that the service declares when it starts, consumes from and publishes to."""
    name, queues = service.name, own_queues(service.name)
    heard = sorted({re.escape(topology.events_exchange(one.source).name) for one in subscriptions_of(service)})
    declared = [re.escape(topology.RPC_EXCHANGE.name), *heard]
    published = [re.escape(topology.events_exchange(name).name), rf"retry\.{name}\.[0-9]+"]
    # an exchange's alternate and a queue's dead-letter exchange are checked when they are declared
    named = [re.escape(topology.UNROUTED_EXCHANGE.name), re.escape(DEFAULT_EXCHANGE)]
    lock, waiting, back = _of_the_eraser() if name == ERASER else ([], [], [])
    return Rights(
        configure=_any_of([*queues, *declared, *lock]),
        write=_any_of([*queues, *published, *named, *back]),
        read=_any_of([*queues, *declared, *waiting]),
    )


def _of_the_eraser() -> tuple[list[str], list[str], list[str]]:
    """The lock it declares; the queues it reads, where messages only wait; the exchanges by which they go back."""
    waiting = [re.escape(topology.UNROUTED), r"dead\.[a-z]+", r"retry\.[a-z]+\.[0-9]+"]
    return [re.escape(purge.LOCK)], waiting, [r"retry\.[a-z]+\.[0-9]+"]


def all_rights() -> dict[str, Rights]:
    """By the name of the user, which is that of the process."""
    return {
        **{service.name: rights_of(service) for service in SERVICES},
        GATEWAY: Rights(NOTHING, _any_of([re.escape(topology.RPC_EXCHANGE.name)]), NOTHING),
        OPERATOR: Rights(ALL, ALL, ALL),
        MONITOR: Rights(NOTHING, NOTHING, NOTHING, ("monitoring",)),
    }


def definitions(passwords: Mapping[str, str]) -> dict[str, Any]:
    """RabbitMQ's definitions of one virtual host and the users with their rights; `passwords` by the user's name."""
    rights = all_rights()
    return {
        "vhosts": [{"name": VHOST}],
        "users": [
            {
                "name": name,
                "password_hash": password_hash(passwords[name]),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": list(held.tags),
            }
            for name, held in rights.items()
        ],
        "permissions": [
            {"user": name, "vhost": VHOST, "configure": held.configure, "write": held.write, "read": held.read}
            for name, held in rights.items()
        ],
    }


def commands() -> list[str]:
    """The same rights for users that are there, by rabbitmqctl: their passwords stay."""
    return [
        shlex.join(["rabbitmqctl", "set_permissions", "-p", VHOST, name, held.configure, held.write, held.read])
        for name, held in all_rights().items()
    ]


def password_hash(password: str) -> str:
    """RabbitMQ's: a salt, and the SHA-256 of salt and password, in base64."""
    salt = secrets.token_bytes(SALT_BYTES)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _any_of(patterns: Iterable[str]) -> str:
    return f"^({'|'.join(patterns)})$"


if __name__ == "__main__":
    print("\n".join(commands()))
