"""One client's connection: the part of its request that has arrived, and how long the rest may take."""

from __future__ import annotations

import enum
import socket
import time
from collections.abc import Callable
from typing import Any

from gunicorn.http.body import ChunkedReader
from gunicorn.http.errors import InvalidChunkSize, LimitRequestHeaders, NoMoreData, ParseException
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import TConn

from gateway.http.serving.framing import Chunks, Length, Malformed
from gateway.http.serving.limits import Limits
from gateway.http.serving.outlet import Outlet
from gateway.http.serving.spool import Budget, Spool

END_OF_HEAD = b"\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# A body in chunks is kept up to so many bytes beyond its limit, so that the application sees that it is too large.
EXCESS_BYTES = 64 << 10

LimitOf = Callable[[str, str], int]


class State(enum.Enum):
    IDLE = "nothing of a request has come"
    HEAD = "its head is coming"
    BODY = "its body is coming"
    WORKING = "a thread makes the answer"
    SENDING = "the answer is whole, and its client takes it"
    FAREWELL = "the answer is sent; what still comes is read away"


class Pace:
    """The speed of a transfer: it is too slow when `pace_seconds` brought less than `pace_bytes`."""

    def __init__(self, limits: Limits, moved: int = 0) -> None:
        self._limits = limits
        self._since = time.monotonic()
        self._end = self._since + limits.transfer_seconds
        self._moved = moved

    def is_too_slow(self, moved: int) -> bool:
        """`moved`: all bytes transferred so far."""
        now = time.monotonic()
        if now >= self._end:
            return True
        if now - self._since < self._limits.pace_seconds:
            return False
        before, self._moved, self._since = self._moved, moved, now
        return moved - before < self._limits.pace_bytes


class Received:
    """A received request in place of a socket for gunicorn's parser: its head, its body, and then the end."""

    def __init__(self, head: bytes, body: Spool) -> None:
        self._head, self._body = head, body

    def recv(self, size: int) -> bytes:
        if self._head:
            part, self._head = self._head[:size], self._head[size:]
            return part
        return self._body.read(size)

    def __len__(self) -> int:
        return len(self._head) + len(self._body)


class Refused(Exception):
    """`reason`: the exception with which gunicorn's parser refused the request."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(type(reason).__name__)
        self.reason = reason


class ParsedRequest:
    """Stands in for gunicorn's parser: the one request that was received, or its `refusal`."""

    def __init__(self, parser: RequestParser, received: Received) -> None:
        self._parser, self._received = parser, received
        self.refusal: Exception | None = None

    def __next__(self) -> Any:
        if self.refusal is not None:
            raise self.refusal
        return self._parser.mesg

    def announce_end(self) -> None:
        if self._parser.mesg is not None:
            self._parser.mesg.force_close()

    def finish_body(self, deadline: float | None = None) -> bool:
        """Whether the connection can take a next request: this one's body has arrived as a whole.

        gunicorn's parser first reads a body in chunks to its end, because the two must agree where that is.
        """
        if not isinstance(self._parser.mesg.body.reader, ChunkedReader):
            return True
        try:
            drained = self._parser.finish_body()
        except (ParseException, OSError):
            return False
        return bool(drained) and not self._parser.unreader.take_buffered() and not len(self._received)


class Connection(TConn):  # type: ignore[misc, unused-ignore]
    """Only the poller's thread changes a connection, except `sock`, to which another thread writes the answer."""

    def __init__(
        self, cfg: Any, raw: socket.socket, client: Any, server: Any, limits: Limits, budget: Budget,
        wake: Callable[[Connection], None],
    ) -> None:  # fmt: skip
        super().__init__(cfg, raw, client, server)
        unsent = Spool(budget, limits.memory_bytes)
        self.raw, self.sock = raw, Outlet(raw, unsent, limits.unsent_bytes, lambda: wake(self))
        self.address = client[0] if isinstance(client, tuple) else ""
        # gunicorn's own flags: there is no handshake to wait for.
        self.initialized = self.data_ready = True
        self.parser: Any = None
        self.watched = 0
        self.keep = False
        self.whole = False
        self.path = ""
        self.received = 0
        self.farewell_seconds = limits.farewell_seconds
        self._limits = limits
        self._inbox = bytearray()
        self._body = Spool(budget, limits.memory_bytes)
        self._searched = 0
        self._framing: Length | Chunks | None = None
        self._limit = 0
        self.pace: Pace | None = None
        self.state = State.IDLE
        self.since = time.monotonic()
        self.deadline = self.since + limits.head_seconds

    def enter(self, state: State, seconds: float | None = None) -> None:
        """`seconds`: how long the state may last; None: the pace of the transfer or the thread's deadlines decide."""
        if state is self.state:
            return
        self.state, self.since = state, time.monotonic()
        self.deadline = float("inf") if seconds is None else self.since + seconds
        self.pace = Pace(self._limits, self.received) if state is State.BODY else None

    def is_late(self) -> bool:
        if self.state is State.BODY:
            return self.pace is None or self.pace.is_too_slow(self.received)
        if self.state in (State.WORKING, State.SENDING):
            self.pace = (self.pace or Pace(self._limits, self.sock.sent)) if len(self.sock) else None
            return self.pace is not None and self.pace.is_too_slow(self.sock.sent)
        return time.monotonic() >= self.deadline

    def take(self, data: bytes) -> None:
        """Keeps bytes that have arrived, for `advance()`."""
        self.received += len(data)
        self._inbox += data

    def advance(self, limit_of: LimitOf) -> bool:
        """Whether a thread can answer now: a whole request has arrived, or one that is refused.

        `limit_of(method, path)`: the largest body in bytes that is received. Raises Full, or OSError of the disk.
        """
        if self._framing is None and not self._take_head(limit_of):
            if self._inbox:
                self.enter(State.HEAD, self._limits.head_seconds)
            return False
        if self._framing is None or self._take_body(self._framing):
            return True
        self.enter(State.BODY)
        return False

    def _take_head(self, limit_of: LimitOf) -> bool:
        end = self._inbox.find(END_OF_HEAD, max(self._searched - len(END_OF_HEAD), 0))
        self._searched = len(self._inbox)
        if end < 0 and len(self._inbox) <= self._limits.head_bytes:
            return False
        head = bytes(self._inbox[: end + len(END_OF_HEAD)]) if end >= 0 else b""
        del self._inbox[: len(head)]
        received = Received(head, self._body)
        parser = RequestParser(self.cfg, received, self.client)
        self.parser = ParsedRequest(parser, received)
        if len(head) > self._limits.head_bytes or not head:
            self.refuse(LimitRequestHeaders("head"))
            return True
        try:
            self._begin(_parsed(parser), limit_of)
        except Refused as refused:
            self.refuse(refused.reason)
        return True

    def _begin(self, request: Any, limit_of: LimitOf) -> None:
        self.path = request.path
        reader = request.body.reader
        chunked = isinstance(reader, ChunkedReader)
        length = 0 if chunked else reader.length
        self._limit = limit_of(request.method, request.path) if chunked or length else 0
        expected, request._expected_100_continue = request._expected_100_continue, False
        if length > self._limit:
            request.force_close()  # the application refuses it by its length
            return
        self._framing = Chunks() if chunked else Length(length)
        self.whole = True
        if expected and not self._inbox and (chunked or length):
            self.sock.sendall(CONTINUE)

    def _take_body(self, framing: Length | Chunks) -> bool:
        try:
            self._body.write(framing.take(self._inbox))
        except Malformed:
            self.refuse(InvalidChunkSize(b""))
            return True
        limit = self._limit + EXCESS_BYTES
        if framing.content > limit or len(self._body) > 2 * limit:
            self.whole = False
            next(self.parser).force_close()  # the application sees that it is too large
            return True
        return framing.done

    def refuse(self, error: Exception) -> None:
        """Refuses the request: a thread answers with the problem of `error`, and the connection ends."""
        self.whole = False
        self.parser.refusal = error

    def answered(self, keep: bool) -> None:
        """The thread has made the answer; the request is forgotten. `keep`: the client may send another one."""
        self.keep = keep and self.whole
        self.parser = None
        self._framing = None
        self._searched = 0
        self._body.clear()
        self.enter(State.SENDING)

    def announce_end(self) -> None:
        """The answer to the current request will be the last; its head says so where it was not sent yet."""
        if self.parser is not None:
            self.parser.announce_end()

    def next_request(self, seconds: float) -> None:
        """Keeps the connection for another request, which must begin within `seconds`."""
        self.keep = self.whole = False
        self.enter(State.IDLE, seconds)

    def leave(self) -> None:
        """Bytes that still arrive are read and dropped."""
        self._inbox.clear()
        self.received = 0
        self.enter(State.FAREWELL, self.farewell_seconds)

    def end(self) -> None:
        self.sock.break_off()
        self._body.clear()
        self.raw.close()


def _parsed(parser: RequestParser) -> Any:
    try:
        return next(parser)
    except (ParseException, NoMoreData, StopIteration) as error:
        raise Refused(error) from error
