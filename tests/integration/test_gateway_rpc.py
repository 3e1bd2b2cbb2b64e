"""The bus client and the person view against a broker and a stand-in service."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pika
import pytest

from deploy.local.broker import Broker
from gateway.bus import calls, rpc
from gateway.bus.answers import result_of
from gateway.bus.calls import Request
from gateway.bus.rpc import Bus
from gateway.config import Config
from gateway.views import person_view
from services.chassis.access.context import Context, seal_answer, unseal
from services.chassis.errors import Internal, NotFound, Unavailable
from tests.support.stack.ports import wait_for
from tests.support.stack.wire_keys import WireKeys

KEYS = WireKeys()
READS = tuple(f"{name}.read" for name in ("people", "attendance", "sales", "scheduling", "notifications"))
Handler = Callable[[dict[str, Any]], Any]


def config(uri: str) -> Config:
    return Config(uri, KEYS.ring(), "j" * 32, rpc_seconds=5, view_seconds=1, token_seconds=3600, heartbeat=10)


def context(seconds: float = 3, permissions: tuple[str, ...] = READS) -> Context:
    return Context("c1", "u1", "Ana", permissions, "request-1", time.time() + seconds, "k1")


class StandIn:
    """Answers `<service>.<method>` by functions, in a thread of its own. A handler that answers None is silent."""

    def __init__(self, uri: str, service: str, handlers: dict[str, Handler]) -> None:
        self.properties: list[Any] = []
        # somebody answers first: nobody known, or a service
        self.liar: str | None = None
        self._service, self._handlers = service, handlers
        self._connection = pika.BlockingConnection(pika.URLParameters(uri))
        self._channel = self._connection.channel()
        self._channel.exchange_declare("nameko-rpc", "topic", durable=True)
        self._queue = self._channel.queue_declare("", exclusive=True).method.queue
        self._channel.queue_bind(self._queue, "nameko-rpc", f"{service}.*")
        self._channel.basic_consume(self._queue, self._on_request, auto_ack=True)
        self._thread = threading.Thread(target=self._channel.start_consuming, daemon=True)
        self._thread.start()

    def _on_request(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        self.properties.append(properties)
        unseal(properties.headers, method.routing_key, body, KEYS.ring(self._service))
        answer = self._handlers[method.routing_key.split(".")[1]](json.loads(body)["kwargs"])
        if answer is not None:
            reply = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            said_by = {self.liar: b'{"result": "forged", "error": null}', self._service: reply}
            for speaker, said in said_by.items():
                if speaker is None:
                    continue
                headers = seal_answer(properties.headers, said, KEYS.ring(speaker)) if speaker else {}
                sent = pika.BasicProperties(correlation_id=properties.correlation_id, headers=headers)
                channel.basic_publish("", properties.reply_to, said, sent)

    def stop(self) -> None:
        self._connection.add_callback_threadsafe(self._channel.stop_consuming)
        self._thread.join(5)
        self._connection.close()


class Proxy:
    """A TCP relay to the broker that can be cut and mended."""

    def __init__(self, uri: str) -> None:
        target = pika.URLParameters(uri)
        self._target = (target.host, target.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.refusing = False
        self.refused = 0
        self._sockets: list[socket.socket] = []
        user = target.credentials
        port = self._listener.getsockname()[1]
        vhost = quote(target.virtual_host, safe="")
        self.uri = f"amqp://{user.username}:{user.password}@127.0.0.1:{port}/{vhost}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self.refusing:
                self.refused += 1
                near.close()
                continue
            far = socket.create_connection(self._target)
            self._sockets += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._relay, args=(source, sink), daemon=True).start()

    @staticmethod
    def _relay(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass

    def cut(self) -> None:
        self.refusing = True
        for each in self._sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self) -> None:
        self.cut()
        self._listener.close()


@pytest.fixture(scope="module")
def uri(broker: Broker) -> Iterator[str]:
    """A virtual host of its own: no queue of the services takes what the stand-ins are asked."""
    if broker.given:
        yield broker.uri
        return
    user = pika.URLParameters(broker.uri).credentials.username
    broker.ctl("add_vhost", "bus-client")
    broker.ctl("set_permissions", "-p", "bus-client", user, ".*", ".*", ".*")
    yield f"{broker.uri.rsplit('/', 1)[0]}/bus-client"
    broker.ctl("delete_vhost", "bus-client")


@pytest.fixture
def stand_in(uri: str) -> Iterator[Callable[..., StandIn]]:
    running: list[StandIn] = []

    def start(service: str, **handlers: Handler) -> StandIn:
        running.append(StandIn(uri, service, handlers))
        return running[-1]

    yield start
    for each in running:
        each.stop()


@pytest.fixture
def proxy(uri: str) -> Iterator[Proxy]:
    found = Proxy(uri)
    yield found
    found.close()


@pytest.fixture
def bus(uri: str) -> Iterator[Bus]:
    """Connected, as a worker's is soon after its start."""
    found = Bus(config(uri))
    assert found.connected(5)
    yield found
    found.close()


def ok(result: Any) -> Handler:
    return lambda _: {"result": result, "error": None}


def silent(_: dict[str, Any]) -> None:
    return None


def test_nothing_runs_before_the_first_call() -> None:
    before = set(threading.enumerate())  # of earlier tests; some end meanwhile
    Bus(config("amqp://127.0.0.1:1/"))
    assert set(threading.enumerate()) <= before


def test_no_service_framework_is_imported() -> None:
    check = "import sys, gateway.app; print([m for m in ('nameko','kombu','eventlet','pymongo') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("seconds, ends_after", [(0.3, 0.3), (20, 0.5)])
def test_without_a_broker_a_call_ends_at_its_deadline_or_after_half_a_second(seconds: float, ends_after: float) -> None:
    bus = Bus(config("amqp://127.0.0.1:1/"))
    began = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        bus.call("people", "get_person", {}, context(seconds))
    assert caught.value.code == "people_unavailable"
    assert ends_after - 0.05 < time.monotonic() - began < ends_after + 0.3
    assert bus.pending == 0
    bus.close()


@pytest.mark.parametrize("liar", ["", "sales", "notifications"])
def test_an_answer_that_the_service_did_not_make_is_passed_over(
    bus: Bus, stand_in: Callable[..., StandIn], liar: str
) -> None:
    stand_in("people", get_person=ok({"name": "Ana"})).liar = liar
    assert bus.call("people", "get_person", {}, context()) == {"name": "Ana"}
    assert bus.pending == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"result": 1}', b"\xff"])
def test_a_reply_that_is_none_is_our_defect(body: bytes) -> None:
    with pytest.raises(Internal):
        result_of(body)


def test_a_call_and_its_message(bus: Bus, stand_in: Callable[..., StandIn]) -> None:
    service = stand_in("people", echo=lambda kwargs: {"result": kwargs, "error": None})
    assert bus.call("people", "echo", {"name": "Açaí"}, context()) == {"name": "Açaí"}
    bus.call("people", "echo", {}, context(), command=True)
    query, command = service.properties
    assert (query.delivery_mode, command.delivery_mode) == (1, 2)
    assert 0 < int(query.expiration) <= 3000
    assert bus.pending == 0
    assert bus.connections == 1


def test_a_refusal_arrives_as_its_class(bus: Bus, stand_in: Callable[..., StandIn]) -> None:
    error = NotFound("person_not_found", "Pessoa não encontrada.", id="p1").to_wire()
    stand_in("people", get_person=lambda _: {"result": None, "error": error})
    with pytest.raises(NotFound) as caught:
        bus.call("people", "get_person", {}, context())
    assert (caught.value.code, caught.value.params) == ("person_not_found", {"id": "p1"})


def test_a_service_that_is_not_there_is_told_at_once(bus: Bus, stand_in: Callable[..., StandIn]) -> None:
    stand_in("people", echo=ok(1))
    bus.call("people", "echo", {}, context())
    began = time.monotonic()
    with pytest.raises(Unavailable):
        bus.call("nobody", "method", {}, context(5))
    assert time.monotonic() - began < 1
    assert bus.pending == 0


def test_silence_ends_at_the_deadline(bus: Bus, stand_in: Callable[..., StandIn]) -> None:
    stand_in("people", get_person=silent)
    assert bus.connected(3)
    began = time.monotonic()
    with pytest.raises(Unavailable):
        bus.call("people", "get_person", {}, context(0.4))
    assert 0.35 < time.monotonic() - began < 0.6
    assert bus.pending == 0


def test_many_threads_share_one_connection(bus: Bus, stand_in: Callable[..., StandIn]) -> None:
    stand_in("people", echo=lambda kwargs: {"result": kwargs["n"], "error": None})
    wrong: list[int] = []

    def ask(number: int) -> None:
        numbers = range(number, number + 50)
        wrong.extend(n for n in numbers if bus.call("people", "echo", {"n": n}, context(10)) != n)

    threads = [threading.Thread(target=ask, args=(number * 100,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert wrong == []
    assert (bus.connections, bus.pending) == (1, 0)


def test_a_lost_connection_fails_what_waits_and_comes_back(proxy: Proxy, stand_in: Callable[..., StandIn]) -> None:
    stand_in("people", get_person=silent, echo=ok(1))
    bus = Bus(config(proxy.uri))
    assert bus.connected(5)
    assert bus.call("people", "echo", {}, context()) == 1
    with bus.gather(context(20), *[Request("people", "get_person", {})] * 5) as waiting:
        began = time.monotonic()
        proxy.cut()
        assert {type(call.outcome()) for call in waiting} == {Unavailable}
        assert time.monotonic() - began < 1
    assert bus.pending == 0
    wait_for(lambda: not bus.connected(), 3, "loss noticed")
    proxy.refusing = False
    assert bus.connected(10)
    assert bus.call("people", "echo", {}, context(10)) == 1
    assert bus.connections == 2
    bus.close()


def test_reconnecting_leaks_no_descriptors(proxy: Proxy) -> None:
    bus = Bus(config(proxy.uri))
    assert bus.connected(5)
    proxy.cut()
    wait_for(lambda: not bus.connected(), 3, "loss noticed")
    before, tries = len(os.listdir("/proc/self/fd")), proxy.refused
    wait_for(lambda: proxy.refused >= tries + 6, 60, "six tries to come back")
    assert len(os.listdir("/proc/self/fd")) <= before + 4
    bus.close()


def test_a_broken_callback_does_not_end_the_bus(
    bus: Bus, stand_in: Callable[..., StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in("people", echo=ok(1))
    assert bus.connected(3)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    with monkeypatch.context() as broken:
        broken.setattr(rpc, "check_answer", lambda *_: 1 / 0)
        with pytest.raises(Unavailable):
            bus.call("people", "echo", {}, context(2))
    assert bus.call("people", "echo", {}, context(5)) == 1


def test_the_table_of_pending_calls_is_bounded(
    bus: Bus, stand_in: Callable[..., StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "MAX_PENDING", 3)
    stand_in("people", get_person=silent)
    assert bus.connected(3)
    with bus.gather(context(), *[Request("people", "get_person", {})] * 3):
        with pytest.raises(Unavailable):
            bus.call("people", "get_person", {}, context())
        assert bus.pending == 3
    assert bus.pending == 0


def test_a_call_that_its_thread_never_comes_back_for_ends_at_its_deadline(
    bus: Bus, stand_in: Callable[..., StandIn]
) -> None:
    stand_in("people", get_person=silent)
    assert bus.connected(3)
    with bus.gather(context(0.3), Request("people", "get_person", {})):
        assert bus.pending == 1
        wait_for(lambda: bus.pending == 0, 3, "the sweep")


def test_the_view_names_what_is_missing(bus: Bus, stand_in: Callable[..., StandIn]) -> None:
    options = ["attendances", "opportunities", "appointments"]
    opened: dict[str, Any] = {"person": {"id": "p1", "addresses": []}, "category": "client", "options": options}
    opened["related_persons"] = None
    stand_in("people", get_opened_person=ok(opened))
    page = {"items": [{"id": "a1"}], "next_cursor": None}
    stand_in("attendance", get_person_attendances=ok({"attendances": page, "critical_factors": None}))
    stand_in("scheduling", list_appointments=silent)
    stand_in("notifications", list_watchers=ok({"items": []}))
    assert bus.connected(3)
    began = time.monotonic()
    allowed = tuple(permission for permission in READS if permission != "notifications.read")
    view, _ = person_view.gather(bus, context(0.6, allowed), "p1")
    assert time.monotonic() - began < 0.7
    assert {**view} == {
        **opened,
        **dict.fromkeys([*person_view.OWN, *(section.name for section in person_view.SECTIONS)]),
        "attendances": page,
        "critical_factors": None,
        "unavailable": ["opportunities", "appointments"],
        "withheld": [
            "addresses", "related_persons", "production", "orders", "receivables", "contracts", "service_orders",
            "commission_account", "watchers",
        ],
    }  # fmt: skip
    assert bus.pending == 0


@pytest.mark.parametrize("kind", [NotFound, Unavailable])
def test_without_the_person_there_is_no_view(bus: Bus, stand_in: Callable[..., StandIn], kind: Any) -> None:
    if kind is NotFound:
        error = NotFound("person_not_found", "Pessoa não encontrada.").to_wire()
        stand_in("people", get_opened_person=lambda _: {"result": None, "error": error})
    stand_in("attendance", get_person_attendances=silent)
    assert bus.connected(3)
    began = time.monotonic()
    with pytest.raises(kind):
        person_view.gather(bus, context(3), "p1")
    assert time.monotonic() - began < 1, "known at once"
    assert bus.pending == 0, "nobody waits for the sections"
