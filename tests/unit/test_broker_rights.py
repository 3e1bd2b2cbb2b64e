"""Each user of the broker reaches the queues and exchanges of its own process, and no other's."""

from __future__ import annotations

import base64
import hashlib
import re
import shlex

import pytest

from deploy import broker_rights, installation
from deploy.topology import SERVICES, queues
from services.chassis.handling.entrypoints import subscriptions_of
from services.chassis.messaging import purge, topology
from services.chassis.process.service import Service

ALL = {queue.name for queue in queues([1, 5, 30, 300])}
services = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


def own(service: type[Service]) -> set[str]:
    return {topology.rpc_queue(service.name).name, *(one.queue for one in subscriptions_of(service))}


def waiting(service: type[Service]) -> set[str]:
    """Where people erases a person's messages, of every service."""
    return {name for name in ALL if name.startswith(("dead.", "retry."))} if service.name == "people" else set()


def allowed(pattern: str, names: set[str]) -> set[str]:
    """As RabbitMQ matches: anywhere in the name, so the pattern must bind both ends."""
    return {name for name in names if re.search(pattern, name)}


@services
def test_a_service_reads_the_queues_that_it_works_off_and_no_others(service: type[Service]) -> None:
    rights = broker_rights.rights_of(service)
    assert allowed(rights.read, ALL) == own(service) | waiting(service)
    assert allowed(rights.configure, ALL) == own(service)


@services
def test_a_service_announces_in_its_own_name_only(service: type[Service]) -> None:
    rights = broker_rights.rights_of(service)
    exchanges = {topology.events_exchange(one.name).name for one in SERVICES} | {"nameko-rpc"}
    assert allowed(rights.write, exchanges) == {f"{service.name}.events"}
    retries = {f"retry.{one.name}.{seconds}" for one in SERVICES for seconds in (1, 5, 30, 300)}
    own_retries = {name for name in retries if f".{service.name}." in name}
    assert allowed(rights.write, retries) == own_retries | (waiting(service) & retries)


def test_who_erases_messages_has_its_lock_and_what_nobody_heard() -> None:
    rights = broker_rights.all_rights()["people"]
    assert re.search(rights.configure, purge.LOCK)
    assert re.search(rights.read, topology.UNROUTED)
    assert re.search(rights.write, topology.UNROUTED_EXCHANGE.name)


def test_the_gateway_may_ask_and_nothing_else() -> None:
    rights = broker_rights.all_rights()["gateway"]
    names = ALL | {"nameko-rpc", "amq.default", "people.events", ""}
    assert allowed(rights.write, names) == {"nameko-rpc"}
    assert allowed(rights.read + rights.configure, names - {""}) == set()


def test_who_counts_messages_reads_none() -> None:
    rights = broker_rights.all_rights()["monitor"]
    assert allowed(rights.read, ALL) == allowed(rights.write, ALL) == allowed(rights.configure, ALL) == set()
    assert rights.tags == ("monitoring",)


def test_a_password_is_hashed_as_the_broker_does() -> None:
    raw = base64.b64decode(broker_rights.password_hash("segredo"))
    assert raw[4:] == hashlib.sha256(raw[:4] + b"segredo").digest()


def test_no_process_gets_the_secret_of_another() -> None:
    addresses = installation.Addresses(
        "amqp://{user}:{password}@b", "mongodb://{user}:{password}@d", "smtp://m", "http://m"
    )
    found = installation.secrets_of(addresses)
    shared = {"VINCULO_PUBLIC_KEYS"}
    held = [value for name in installation.PROCESSES for key, value in found[name].items() if key not in shared]
    assert len(held) == len(set(held))
    assert all(f"//{name}:" in found[name]["AMQP_URI"] for name in installation.PROCESSES)
    assert "MONGO_URI" not in found["gateway"]


def test_the_users_of_an_installation_that_is_there_are_given_the_same_rights() -> None:
    told = [shlex.split(command) for command in broker_rights.commands()]
    given = {name: rights for *_, name, configure, write, read in told for rights in [(configure, write, read)]}
    asked = broker_rights.definitions(dict.fromkeys(broker_rights.all_rights(), "x"))["permissions"]
    assert given == {one["user"]: (one["configure"], one["write"], one["read"]) for one in asked}
    assert {tuple(command[:4]) for command in told} == {("rabbitmqctl", "set_permissions", "-p", "/")}
