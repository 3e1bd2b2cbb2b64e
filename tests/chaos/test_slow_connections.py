"""64 connections drip heads, bodies and uploads: another client, from the same address, does not notice."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
import requests

from tests.support.stack.serving import Caller, request
from tests.support.stack.system import Client, System

DRIPS, ASKED = 64, 300
HEAD = b"GET /v1/persons HTTP/1.1\r\nHost: x\r\nX-Slow: "
BODY = request("POST", "/v1/session", Content_Length="100000", Content_Type="application/json") + b'{"login": "'
UPLOAD = request(
    "POST", "/v1/persons/imports", Content_Length="60000000", Content_Type="multipart/form-data; boundary=b"
)
CHUNKS = request("POST", "/v1/attendances/x/attachments", Transfer_Encoding="chunked") + b"ffff\r\n"


class Dripping:
    """Connections that send a byte each now and then, and come again when they are ended."""

    def __init__(self, port: int) -> None:
        self.begun = Counter[bytes]()
        self._port = port
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._drip)

    def _drip(self) -> None:
        kinds = (HEAD, BODY, UPLOAD, CHUNKS)
        callers = [(kind, self._begin(kind)) for kind in kinds * (DRIPS // len(kinds))]
        while not self._end.wait(0.5):
            callers = [(kind, self._go_on(kind, caller)) for kind, caller in callers]
        for _, caller in callers:
            caller.close()

    def _begin(self, kind: bytes) -> Caller:
        self.begun[kind] += 1
        return Caller(self._port).send(kind)

    def _go_on(self, kind: bytes, caller: Caller) -> Caller:
        try:
            return caller.send(b"x")
        except OSError:
            caller.close()
            return self._begin(kind)

    def __enter__(self) -> Dripping:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """As `make run` has it: no proxy before the gateway."""
    with System(VINCULO_TRUSTED_PROXIES="0") as running:
        yield running


def seconds_of(client: Client, count: int) -> list[float]:
    """Of each of `count` requests, which are all answered with 200."""
    found = []
    for _ in range(count):
        began = time.monotonic()
        answer = client.request("GET", "/v1/persons")
        found.append(time.monotonic() - began)
        assert answer.status_code == 200, answer.text
    return found


def p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]


def test_dripping_connections_are_not_noticed_by_another_client(system: System) -> None:
    ana = Client(system.url, "ana@padaria.example")
    seconds_of(ana, 50)
    quiet, slow = seconds_of(ana, ASKED), list[float]()
    with Dripping(system.ports["gateway"]) as drips:
        began = time.monotonic()
        while time.monotonic() - began < 25 or len(slow) < ASKED:  # until the first were ended, and came again
            slow += seconds_of(ana, 50)
            assert all(requests.get(f"{system.url}/{path}", timeout=5).ok for path in ("live", "ready"))
            assert Client(system.url, "ana@padaria.example").get("/v1/persons")
        came_again = sum(drips.begun.values()) - DRIPS
    quiet += seconds_of(ana, ASKED)
    print(
        f"drips={DRIPS} came_again={came_again} asked={len(slow)} "
        f"quiet_p99_ms={p99(quiet) * 1000:.1f} slow_p99_ms={p99(slow) * 1000:.1f}"
    )
    assert came_again > 0
    assert p99(slow) <= 3 * p99(quiet)
