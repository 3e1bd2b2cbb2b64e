"""Waiting for clients costs no thread: requests come whole to one, answers leave without it, and all have an end."""

from __future__ import annotations

import json
import logging
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http import errors
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser

from gateway.http.serving import refusals
from gateway.http.serving.framing import Chunks, Malformed
from gateway.http.serving.limits import Limits
from tests.support.promised import problem_schema
from tests.support.stack.ports import wait_for
from tests.support.stack.serving import Caller, Served, request, served

Start = Callable[..., Any]
LARGE = bytes(range(256)) * (8 << 12)  # 8 MiB
QUICK = Limits(head_seconds=0.3, pace_seconds=0.3, farewell_seconds=0.5)
CONFIG = Config()
WORKING, GO_ON = threading.Semaphore(0), threading.Semaphore(0)


def application(environ: dict[str, Any], start: Start) -> Any:
    """Says what it was asked, and with what body, unless the path is one of its others."""
    path, body = environ["PATH_INFO"], environ["wsgi.input"]
    if path == "/large":
        start("200 OK", [("Content-Length", str(len(LARGE)))])
        return [LARGE[at : at + 70_000] for at in range(0, len(LARGE), 70_000)]
    if path == "/streamed":
        start("200 OK", [])
        return iter([LARGE, b"", LARGE])
    if path == "/broken":
        start("200 OK", [])
        return _broken()
    if path == "/defect":
        raise ValueError("segredo")
    if path in ("/refused", "/upload/refused"):
        start("401 Unauthorized", [("Content-Length", "2")])
        return [b"no"]
    if path == "/working":
        WORKING.release()
        GO_ON.acquire(timeout=20)
    said = json.dumps([environ["REQUEST_METHOD"], path, len(found := body.read()), found[:20].decode()]).encode()
    start("200 OK", [("Content-Length", str(len(said)))])
    return [said]


def _broken() -> Iterator[bytes]:
    yield b"half"
    raise ValueError("midway")


@pytest.fixture(scope="module")
def house() -> Iterator[Served]:
    with served(application) as found:
        yield found


@pytest.fixture
def client(house: Served) -> Iterator[Caller]:
    found = house.client()
    yield found
    found.close()
    house.settled()


def said(answer: tuple[int, dict[str, str], bytes]) -> list[Any]:
    status, _, body = answer
    assert status == 200, body
    found: list[Any] = json.loads(body)
    return found


def chunked(*parts: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + end


def in_chunks(path: str, body: bytes) -> bytes:
    return request("POST", path, Transfer_Encoding="chunked") + body


DRIPS = (b"GET / HT", request("POST", "/a", Content_Length="9") + b"x", in_chunks("/a", b"9\r\nx"))


def test_a_connection_serves_one_request_after_another(client: Caller) -> None:
    for number in range(3):
        assert said(client.ask("POST", f"/{number}", b"x" * number)) == ["POST", f"/{number}", number, "x" * number]


def test_requests_sent_at_once_are_answered_in_their_order(client: Caller) -> None:
    client.send(request("POST", "/a", b"1") + in_chunks("/b", chunked(b"23", b"4")) + request("GET", "/c"))
    assert [said(client.answer()) for _ in range(3)] == [
        ["POST", "/a", 1, "1"], ["POST", "/b", 3, "234"], ["GET", "/c", 0, ""],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [
        request("POST", "/a", b"abcdef"),
        in_chunks("/a", chunked(b"ab", b"cdef")),
        in_chunks("/a", b"2;x=1\r\nab\r\n004\r\ncdef\r\n0\r\nOne: 1\r\nOther: 2\r\n\r\n"),
    ],
)
def test_a_request_that_comes_byte_by_byte_is_the_same_request(client: Caller, raw: bytes) -> None:
    for at in range(len(raw)):
        client.send(raw[at : at + 1])
    assert said(client.answer()) == ["POST", "/a", 6, "abcdef"]
    assert said(client.ask("GET", "/b")) == ["GET", "/b", 0, ""]


def test_a_client_that_waits_to_be_told_sends_its_body_then(client: Caller) -> None:
    client.send(request("POST", "/a", Content_Length="3", Expect="100-continue"))
    assert client.answer()[0] == 100
    assert said(client.send(b"abc").answer()) == ["POST", "/a", 3, "abc"]


def test_a_client_that_waits_to_be_told_is_refused_before_it_sends_too_much(client: Caller) -> None:
    client.send(request("POST", "/refused", Content_Length=str(9 << 20), Expect="100-continue"))
    status, headers, _ = client.answer()
    assert (status, headers["connection"]) == (401, "close")
    assert client.ended()


@pytest.mark.parametrize("size", [1, 100_000, 1 << 20])
@pytest.mark.parametrize(
    "frame", [lambda body: request("POST", "/refused", body), lambda b: in_chunks("/refused", chunked(b))]
)
def test_after_a_body_that_nobody_read_the_connection_is_right(
    client: Caller, frame: Callable[[bytes], bytes], size: int
) -> None:
    for _ in range(2):
        status, headers, body = client.send(frame(b"GET /evil HTTP/1.1\r\n\r\n"[:size].ljust(size))).answer()
        assert (status, headers["connection"], body) == (401, "keep-alive", b"no")
    assert said(client.ask("GET", "/b")) == ["GET", "/b", 0, ""]


@pytest.mark.parametrize(
    "frame", [lambda body: request("POST", "/refused", body), lambda b: in_chunks("/refused", chunked(b))]
)
def test_a_client_that_sends_too_much_before_it_reads_still_reads_the_refusal(
    client: Caller, frame: Callable[[bytes], bytes]
) -> None:
    status, headers, body = client.send(frame(LARGE)).answer()
    assert (status, headers["connection"], body) == (401, "close", b"no")
    assert client.ended()


@pytest.mark.parametrize(
    "raw, status, code",
    [
        (in_chunks("/a", b"zz\r\nab\r\n0\r\n\r\n"), 400, "chunk_invalid"),
        (in_chunks("/a", b"1\r\nabcd0\r\n\r\n"), 400, "chunk_invalid"),
        (in_chunks("/a", b"2\nab\r\n0\r\n\r\n" + b"x" * 2_000), 400, "chunk_invalid"),
        (in_chunks("/a", b"0\r\n" + b"A: b\r\n" * 2_000), 400, "chunk_invalid"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "header_invalid"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400, "header_invalid"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400, "header_invalid"),
        (b"GET / HTTP/1.1\r\nNo colon\r\n\r\n", 400, "header_invalid"),
        (b"GET / HTTP/9.9\r\n\r\n", 400, "http_version_unsupported"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "request_line_invalid"),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 40_000, 431, "headers_too_large"),
        (b"GET /" + b"x" * 5_000 + b" HTTP/1.1\r\n\r\n", 414, "uri_too_long"),
        (b"get / HTTP/1.1\r\n\r\n", 400, "request_method_invalid"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400, "header_invalid"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "header_invalid"),
        (b"GET / HTTP/1.1\r\nB\xc3d: x\r\n\r\n", 400, "header_invalid"),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 9_000 + b"\r\n\r\n", 431, "headers_too_large"),
        (b"GET / HTTP/1.1\r\n" + b"A: x\r\n" * 101 + b"\r\n", 431, "headers_too_large"),
        (request("GET", "/", Expect="a-miracle"), 417, "expectation_unsupported"),
        (request("POST", "/a", Transfer_Encoding="zip"), 501, "transfer_coding_unsupported"),
        (b"\r\n\r\n", 400, "request_line_invalid"),
    ],
)
def test_what_is_no_request_is_refused_and_ends_its_connection_only(
    client: Caller, raw: bytes, status: int, code: str
) -> None:
    problem = refused(client.send(raw), status, code)
    assert problem["detail"] == refusals.REFUSALS[code][2]


def refused(client: Caller, status: int, code: str) -> dict[str, Any]:
    found, headers, body = client.answer()
    assert (found, headers["connection"], headers["content-type"]) == (status, "close", "application/problem+json")
    problem: dict[str, Any] = json.loads(body)
    assert (problem["status"], problem["code"], problem["type"]) == (status, code, f"urn:vinculo:problem:{code}")
    assert problem_schema().is_valid(problem), "not what the API's document promises of a problem"
    assert headers["x-request-id"] == problem["request_id"]
    assert client.ended()
    return problem


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /segredo segredo HTTP/1.1\r\n\r\n",
        b"SEGREDO\x01 / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nsegredo\r\n\r\n",
        request("GET", "/", Expect="segredo"),
        request("POST", "/a", Transfer_Encoding="segredo"),
        in_chunks("/a", b"segredo\r\n\r\n"),
        in_chunks("/a", b"2;segredo=\x01\r\nab\r\n0\r\n\r\n"),
    ],
)
def test_neither_a_refusal_nor_its_log_repeats_what_was_sent(
    client: Caller, caplog: pytest.LogCaptureFixture, raw: bytes
) -> None:
    logger = logging.getLogger("gunicorn.error")
    logger.addHandler(caplog.handler)
    try:
        _, _, body = client.send(raw).answer()
        assert client.ended()
    finally:
        logger.removeHandler(caplog.handler)
    assert json.loads(body)["code"] in caplog.text
    for text in (body.decode(), caplog.text):
        assert "segredo" not in text.lower()
        assert "127.0.0.1" not in text


@pytest.mark.parametrize("error", [RecursionError, ValueError, KeyError, MemoryError, AssertionError])
def test_a_defect_of_the_parser_ends_its_connection_and_not_the_process(
    house: Served, client: Caller, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(self: RequestParser) -> Any:
        raise error("segredo")

    with monkeypatch.context() as patched:
        patched.setattr(RequestParser, "__next__", fail)
        problem = refused(client.send(request("GET", "/a")), 500, "internal_error")
    assert "segredo" not in str(problem)
    with ExitStack() as after:
        other = house.client()
        after.callback(other.close)
        assert said(other.ask("GET", "/b")) == ["GET", "/b", 0, ""]


def test_a_defect_of_the_application_before_its_answer_is_told_as_one(client: Caller) -> None:
    assert "segredo" not in str(refused(client.send(request("GET", "/defect")), 500, "internal_error"))


def test_every_error_of_gunicorns_parser_has_a_code() -> None:
    kinds: list[type[ParseException]] = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ParseException)
    ]
    assert len(kinds) > 15
    assert {
        code for kind in kinds if (code := refusals.code_of(Exception.__new__(kind))) not in refusals.REFUSALS
    } == set()
    ours = {errors.ConfigurationProblem, errors.InvalidResponseHeader, errors.InvalidResponseHeaderName}
    assert {kind for kind in kinds if refusals.code_of(Exception.__new__(kind)) == "internal_error"} == ours


def test_a_body_whose_end_gunicorn_does_not_see_there_ends_the_connection(
    client: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No such body is known; should there be one, nothing behind it is taken for a request."""

    def take_all(self: Chunks, data: bytearray) -> bytes:
        self.done = True
        found = bytes(data)
        data.clear()
        return found

    monkeypatch.setattr(Chunks, "take", take_all)
    client.send(in_chunks("/refused", chunked(b"a")) + request("GET", "/evil"))
    assert client.answer()[0] == 401
    assert client.ended()


def test_an_answer_that_its_client_does_not_take_costs_no_thread_and_comes_whole() -> None:
    with served(application, Limits(pace_seconds=100)) as house:
        slow = [house.client(60).send(request("GET", path)) for path in ("/large", "/streamed") * 3]
        wait_for(lambda: all(len(one.sock) for one in house.worker.connections), 10, "none of them reads")
        other = house.client()
        assert said(other.ask("GET", "/b")) == ["GET", "/b", 0, ""]
        assert [one.answer()[2] == LARGE * (1 + at % 2) for at, one in enumerate(slow)] == [True] * 6
        assert said(slow[0].ask("GET", "/b")) == ["GET", "/b", 0, ""]
        for one in (*slow, other):
            one.close()
        house.settled()


def test_an_answer_that_breaks_midway_ends_without_its_last_chunk(client: Caller) -> None:
    with pytest.raises(ConnectionError):
        client.ask("GET", "/broken")


def test_clients_that_go_leave_nothing(house: Served) -> None:
    for raw in (b"", b"GET / HT", request("POST", "/a", Content_Length="9") + b"x", request("GET", "/large")):
        Caller(house.port).send(raw).close()
    house.settled()


def test_dripping_connections_keep_nobody_waiting(house: Served) -> None:
    with ExitStack() as stack:
        for raw in (
            b"",
            b"GET / HT",
            request("POST", "/a", Content_Length="9") + b"x",
            in_chunks("/a", b"9\r\nx"),
        ) * 10:
            stack.callback(Caller(house.port).send(raw).close)
        other = house.client()
        stack.callback(other.close)
        for _ in range(20):
            assert said(other.ask("POST", "/b", b"x")) == ["POST", "/b", 1, "x"]
    house.settled()


def test_health_is_answered_while_all_threads_work(house: Served) -> None:
    busy = [house.client(30).send(request("GET", "/working")) for _ in range(4)]
    for _ in range(house.worker.cfg.threads):
        assert WORKING.acquire(timeout=10)
    other = house.client()
    assert said(other.ask("GET", "/live")) == ["GET", "/live", 0, ""]
    assert said(other.ask("GET", "/ready")) == ["GET", "/ready", 0, ""]
    GO_ON.release(4)
    assert [said(one.answer())[1] for one in busy] == ["/working"] * 4
    for one in (*busy, other):
        one.close()
    house.settled()


@pytest.mark.parametrize("raw", DRIPS)
def test_a_request_that_does_not_come_is_told_so_and_ends(raw: bytes) -> None:
    with served(application, QUICK) as house:
        client = house.client()
        status, headers, body = client.send(raw).answer()
        assert (status, headers["content-type"]) == (408, "application/problem+json")
        assert json.loads(body)["code"] == "request_timeout"
        assert house.worker.ended["request_timeout"] == 1
        client.close()
        house.settled()


def test_a_head_that_drips_ends_though_something_always_comes() -> None:
    with served(application, QUICK) as house:
        client = house.client(0.02).send(b"GET / HTTP/1.1\r\n")
        dripped = 0
        while not house.worker.ended["request_timeout"]:
            client.send(b"X")
            dripped += 1
            threading.Event().wait(0.02)
        assert dripped > 3
        client.close()
        house.settled()


def test_a_connection_that_says_nothing_ends_without_a_word() -> None:
    with served(application, QUICK) as house:
        client = house.client()
        assert client.ended()
        house.settled()


def test_an_answer_that_is_never_taken_ends() -> None:
    with served(application, QUICK) as house:
        client = Caller(house.port, receive_bytes=4_096).send(request("GET", "/large"))
        wait_for(lambda: house.worker.ended["answer_timeout"] == 1, 10, "the answer is given up")
        with pytest.raises(OSError):
            client.answer()
        house.settled()


def test_one_address_has_its_number_of_connections_and_the_longest_waiting_makes_room() -> None:
    with served(application, Limits(per_address=5)) as house:
        waiting = [house.client().send(b"GET / HT") for _ in range(5)]
        wait_for(lambda: len(house.worker.connections) == 5, 5, "all are here")
        assert said(house.client().ask("GET", "/b")) == ["GET", "/b", 0, ""]
        assert waiting[0].ended()
        assert said(waiting[4].send(b"TP/1.1\r\n\r\n").answer()) == ["GET", "/", 0, ""]


def test_a_full_house_still_lets_others_in() -> None:
    with served(application, Limits(per_address=0), connections=10) as house:
        crowd = [house.client().send(b"GET / HT") for _ in range(40)]
        assert said(house.client().ask("GET", "/b")) == ["GET", "/b", 0, ""]
        assert house.worker.ended["crowded"] >= 31
        assert len(crowd) == 40


def test_where_there_is_no_more_room_for_bodies_one_is_refused_for_now() -> None:
    with served(application, Limits(spool_bytes=1 << 20)) as house:
        first = house.client().send(request("POST", "/upload", Content_Length="900000") + b"x" * 800_000)
        wait_for(lambda: house.worker.budget.used == 800_000, 5, "most of it is here")
        status, headers, body = house.client().send(request("POST", "/upload", b"x" * 900_000)).answer()
        assert (status, headers["retry-after"], json.loads(body)["code"]) == (503, "2", "server_busy")
        assert said(first.send(b"x" * 100_000).answer())[2] == 900_000


def test_a_process_that_stops_answers_what_it_was_asked() -> None:
    with served(application) as house:
        idle, busy, half = house.client(), house.client(), house.client()
        said(idle.ask("GET", "/b"))
        half.send(b"GET /half HT")
        busy.send(request("GET", "/working"))
        assert WORKING.acquire(timeout=10)
        house.worker.handle_exit(0, None)
        GO_ON.release()
        assert busy.answer()[1]["connection"] == "close"
        assert said(half.send(b"TP/1.1\r\n\r\n").answer())[1] == "/half"
        assert idle.ended()


class Whole:
    """All bytes at once, as a socket has them."""

    def __init__(self, data: bytes) -> None:
        self.left = data

    def recv(self, size: int) -> bytes:
        part, self.left = self.left[:size], self.left[size:]
        return part


def test_a_body_in_chunks_ends_where_gunicorn_says() -> None:
    """Whatever the bytes: where gunicorn accepts a body, both take the same of it for the body."""
    rng, accepted = random.Random(7), 0
    words = [
        b"\r\n",
        b"0",
        b"1",
        b"a",
        b"3",
        b"\r",
        b"\n",
        b";x=1",
        b" ",
        b"0\r\n\r\n",
        b"0\r\n",
        b"A: b\r\n",
        b"xyz",
        b"1\r\nx\r\n",
    ]
    head = request("POST", "/", Transfer_Encoding="chunked")
    for _ in range(4_000):
        body = b"".join(rng.choices(words, k=rng.randint(1, 9))) + rng.choice([b"", b"0\r\n\r\n"])
        after = b"GET / HTTP/1.1\r\n\r\n"
        source = Whole(head + body + after)
        parser = RequestParser(CONFIG, source, ("127.0.0.1", 1))
        try:
            next(parser).body.read()
        except (ParseException, OSError):
            continue
        rest = parser.unreader.take_buffered() + source.left
        data, framing = bytearray(body + after), Chunks()
        try:
            framing.take(data)
        except Malformed:
            continue  # refused, though gunicorn takes it
        accepted += 1
        assert (framing.done, bytes(data)) == (True, rest), body
    assert accepted > 100
