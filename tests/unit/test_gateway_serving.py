"""The application before its worker: a refused upload leaves its connection right on every route; nobody waits long."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from gateway.app import create_app
from gateway.http import guards, tokens
from tests.support.fakes.bus import CONFIG
from tests.support.fakes.gateway import USER
from tests.support.stack.serving import Caller, Served, request, served

MIB = 1 << 20
PADDED = b'{"x": "' + b"x" * 200_000 + b'"}'
METHODS = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    made = create_app(CONFIG)
    yield made
    made.extensions["vinculo"].bus.close()


@pytest.fixture(scope="module")
def house(app: Flask) -> Iterator[Served]:
    with served(app) as found:
        found.worker.limit_of = guards.body_limits(app)
        yield found


@pytest.fixture
def client(house: Served) -> Iterator[Caller]:
    found = house.client(60)
    yield found
    found.close()


def routes(app: Flask) -> list[tuple[str, str]]:
    """Method and path of all that may have a body."""
    return [
        (method, re.sub(r"<[^>]+>", "x", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & METHODS)
    ]


def in_chunks(method: str, path: str) -> bytes:
    head = request(method, path, Transfer_Encoding="chunked", Content_Type="application/json")
    return head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(PADDED), PADDED)


def signed_in() -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue(CONFIG, USER)}"}


def test_after_a_refused_body_the_connection_is_right_on_every_route(app: Flask, house: Served, client: Caller) -> None:
    asked = [*routes(app), ("POST", "/nowhere"), ("PUT", "/live")]
    assert len(asked) > 150
    for method, path in asked:
        for raw in (request(method, path, PADDED, Content_Type="application/json"), in_chunks(method, path)):
            status, headers, _ = client.send(raw).answer()
            assert 400 <= status < 500, (method, path)
            assert headers["connection"] == "keep-alive", (method, path)
        assert client.ask("GET", "/live")[0] == 200, (method, path)


@pytest.mark.parametrize(
    "path, body, kind",
    [
        ("/v1/persons", b"x" * 900_000, "text/plain"),
        ("/v1/persons", b"{" * 900_000, "application/json"),
        ("/v1/persons/imports", b"x" * 5 * MIB, "application/json"),
        ("/v1/settings/attendance-configuration", b"x" * 500_000, "application/yaml"),
    ],
)
def test_whatever_a_body_is_refused_for_the_connection_is_right(
    house: Served, client: Caller, path: str, body: bytes, kind: str
) -> None:
    for _ in range(2):
        status, headers, _ = client.ask("POST", path, body, Content_Type=kind, **signed_in())
        assert 400 <= status < 500
        assert headers["connection"] == "keep-alive"
    assert client.ask("GET", "/live")[0] == 200


@pytest.mark.parametrize("path, size", [("/v1/persons", 3 * MIB), ("/v1/persons/imports", 70 * MIB)])
def test_a_body_that_is_too_large_is_not_waited_for_and_the_client_reads_why(
    house: Served, client: Caller, path: str, size: int
) -> None:
    head = request("POST", path, b"", Content_Length=str(size), Content_Type="application/json", **signed_in())
    client.send(head)
    for _ in range(size // MIB):
        client.send(bytes(MIB))
    status, headers, body = client.answer()
    assert (status, headers["connection"], json.loads(body)["code"]) == (413, "close", "body_too_large")


def test_a_body_in_chunks_that_is_too_large_is_told_so(house: Served, client: Caller) -> None:
    headed = {"Transfer_Encoding": "chunked", "Content_Type": "application/json", **signed_in()}
    head = request("POST", "/v1/persons", b"", **headed)
    client.send(head + b"".join(b"%x\r\n%s\r\n" % (MIB // 4, b" " * (MIB // 4)) for _ in range(8)) + b"0\r\n\r\n")
    status, headers, body = client.answer()
    assert (status, headers["connection"], json.loads(body)["code"]) == (413, "close", "body_too_large")


@pytest.mark.parametrize("path", ["/v1/persons", "/v1/persons/imports", "/v1/settings/attendance-configuration"])
def test_a_chunk_that_only_gunicorn_finds_wrong_is_the_clients_mistake(
    house: Served, client: Caller, path: str
) -> None:
    """Its extension is read where the application reads the body."""
    headed = {"Transfer_Encoding": "chunked", "Content_Type": "application/json", **signed_in()}
    method = "PUT" if path == "/v1/settings/attendance-configuration" else "POST"
    client.send(request(method, path, b"", **headed) + b"2;segredo=\x01\r\n{}\r\n0\r\n\r\n")
    status, headers, body = client.answer()
    if path == "/v1/persons/imports":  # refused before it is read
        assert (status, json.loads(body)["code"]) == (411, "length_required")
    else:
        assert (status, json.loads(body)["code"]) == (400, "chunk_invalid")
    assert b"segredo" not in body
    assert headers["content-type"] == "application/problem+json"
    assert client.ended()


@pytest.mark.parametrize(
    "method, path, body, kind",
    [
        ("GET", "/v1/persons", b"", "application/json"),
        ("POST", "/v1/persons", b'{"name": "Maria"}', "application/json"),
        ("POST", "/v1/attendances/x/attachments?name=a.txt", b"texto", "application/octet-stream"),
        (
            "POST", "/v1/persons/imports",
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="p.csv"\r\n\r\nnome\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
    ],
)  # fmt: skip
def test_without_a_broker_every_request_is_told_soon_to_come_again(
    house: Served, client: Caller, method: str, path: str, body: bytes, kind: str
) -> None:
    began = time.monotonic()
    status, headers, answer = client.ask(method, path, body, Content_Type=kind, **signed_in())
    assert (status, "retry-after" in headers) == (503, True), answer
    assert time.monotonic() - began < 5, "half a second, and a slow machine"
    assert headers["connection"] == "keep-alive"
