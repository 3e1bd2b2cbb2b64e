"""RabbitMQ takes the definitions, and holds each user to them: its own queues and exchanges, and no other's.

A broker of its own, since imported users would stay.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import amqp
import pytest
from amqp.exceptions import AccessRefused
from kombu import Connection, Exchange, Queue

from deploy import broker_rights, topology
from deploy.local.broker import Broker
from deploy.topology import SERVICES
from services.chassis.handling.entrypoints import subscriptions_of
from services.chassis.messaging import topology as messaging_topology
from services.chassis.messaging.publisher import Publisher
from services.chassis.messaging.purge import purge
from services.chassis.process.service import Service
from tests.support.stack.folders import engine_folder

WAITING = (("dead.", ""), ("retry.", ".1"), ("retry.", ".5"))
PASSWORDS = {name: f"senha de {name}" for name in broker_rights.all_rights()}
services = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Of a broker with the users, and the topology as the operator declares it."""
    path = tmp_path_factory.mktemp("definitions") / "definitions.json"
    path.write_text(json.dumps(broker_rights.definitions(PASSWORDS)))
    with engine_folder() as folder:
        broker = Broker(Path(folder), given="")
        broker.start()
        try:
            broker.ctl("import_definitions", str(path))
            number = broker.node.port
            messaging_topology.declare(uri(number, "operator"), topology.exchanges(), topology.queues([1, 5]))
            yield number
        finally:
            broker.stop()


def uri(port: int, user: str) -> str:
    return f"amqp://{user}:{PASSWORDS[user].replace(' ', '%20')}@127.0.0.1:{port}/%2F"


def own_queues(service: type[Service]) -> list[Queue]:
    queues = [messaging_topology.event_queue(one) for one in subscriptions_of(service)]
    return [messaging_topology.rpc_queue(service.name), *queues]


@services
def test_a_service_declares_consumes_and_publishes_what_is_its_own(port: int, service: type[Service]) -> None:
    with Connection(uri(port, service.name)) as connection:
        channel = connection.channel()
        for queue in own_queues(service):
            queue(channel).declare()
            channel.basic_get(queue.name)
        producer = connection.Producer(channel)
        for exchange in (messaging_topology.events_exchange(service.name).name, f"retry.{service.name}.1", ""):
            producer.publish(b"{}", exchange=exchange, routing_key=f"dead.{service.name}", mandatory=False)
        assert channel.queue_declare(f"dead.{service.name}", passive=True)


@services
def test_a_service_reads_no_queue_of_another(port: int, service: type[Service]) -> None:
    for other in SERVICES:
        for queue in () if other is service else own_queues(other):
            assert refused(port, service.name, partial(taken, queue=queue.name))


@services
def test_a_service_announces_nothing_in_the_name_of_another(port: int, service: type[Service]) -> None:
    for other in SERVICES:
        if other is not service:
            exchange = messaging_topology.events_exchange(other.name).name
            assert refused(port, service.name, partial(sent, exchange=exchange))
    assert refused(port, service.name, partial(sent, exchange=messaging_topology.RPC_EXCHANGE.name))


def test_people_erases_messages_where_they_wait(port: int) -> None:
    queues = ["unrouted", *(f"{kind}{service.name}{end}" for service in SERVICES for kind, end in WAITING)]
    publisher = Publisher(uri(port, "people"), 5)
    publisher.publish("", "dead.sales", b"wanted", {})
    publisher.publish("", "dead.sales", b"other", {})
    try:
        assert purge(uri(port, "people"), publisher, queues, lambda body, _: body == b"wanted") == 1
        assert purge(uri(port, "people"), publisher, queues, lambda body, _: body == b"other") == 1
    finally:
        publisher.close()


def test_the_gateway_asks_and_reads_its_replies_only(port: int) -> None:
    with Connection(uri(port, "gateway")) as connection:
        channel = connection.channel()
        channel.basic_consume("amq.rabbitmq.reply-to", no_ack=True)
        sent(channel, messaging_topology.RPC_EXCHANGE.name)
    assert refused(port, "gateway", partial(taken, queue="rpc-people"))
    assert refused(port, "gateway", partial(sent, exchange="people.events"))
    assert refused(port, "gateway", lambda channel: Exchange("new", "fanout")(channel).declare())


def test_who_counts_messages_takes_none(port: int) -> None:
    assert refused(port, "monitor", partial(taken, queue="rpc-people"))


def sent(channel: Any, exchange: str) -> None:
    """Returns when the broker has answered: a refusal ends the channel."""
    channel.basic_publish(amqp.Message("{}"), exchange, "x")
    channel.queue_declare("dead.people", passive=True)


def taken(channel: Any, queue: str) -> None:
    channel.basic_get(queue)


def refused(port: int, user: str, act: Callable[[Any], object]) -> bool:
    with Connection(uri(port, user)) as connection:
        try:
            act(connection.channel())
        except AccessRefused:
            return True
    return False
