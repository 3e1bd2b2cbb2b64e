"""One client's connection: what has come of its request, and how long it may take for the rest."""

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
# So much beyond its limit is kept of a body in chunks that the application sees it is too large.
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
    """Of a transfer: too slow when `pace_seconds` brought less than `pace_bytes`."""

    def __init__(self, limits: Limits, moved: int = 0) -> None:
        self._limits = limits
        self._since = time.monotonic()
        self._end = self._since + limits.transfer_seconds
        self._moved = moved

    def is_too_slow(self, moved: int) -> bool:
        """`moved`: bytes in all so far."""
        now = time.monotonic()
        if now >= self._end:
            return True
        if now - self._since < self._limits.pace_seconds:
            return False
        before, self._moved, self._since = self._moved, moved, now
        return moved - before < self._limits.pace_bytes


class Received:
    """A request as gunicorn's parser reads it: its head and body, and then the end; never the network."""

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
    """`reason`: what gunicorn's parser raised of the request that came."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(type(reason).__name__)
        self.reason = reason


class Asked:
    """In the place of gunicorn's parser: the one request that is here, or what is wrong with it."""

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
        """Whether the next request begins behind this one, whose body is here as a whole.

        A body of chunks is read to its end by gunicorn's parser first: the two must agree where that is.
        """
        if not isinstance(self._parser.mesg.body.reader, ChunkedReader):
            return True
        try:
            drained = self._parser.finish_body()
        except (ParseException, OSError):
            return False
        return bool(drained) and not self._parser.unreader.take_buffered() and not len(self._received)


class Connection(TConn):  # type: ignore[misc, unused-ignore]
    """Changed by the poller only, but for `sock`, to which a thread writes the answer."""

    def __init__(
        self, cfg: Any, raw: socket.socket, client: Any, server: Any, limits: Limits, budget: Budget,
        wake: Callable[[Connection], None],
    ) -> None:  # fmt: skip
        super().__init__(cfg, raw, client, server)
        unsent = Spool(budget, limits.memory_bytes)
        self.raw, self.sock = raw, Outlet(raw, unsent, limits.unsent_bytes, lambda: wake(self))
        self.address = client[0] if isinstance(client, tuple) else ""
        # gunicorn's: there is nothing to wait for, and no handshake.
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
        """`seconds`: how long it may last; without, the pace counts, or the thread's own deadlines."""
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
        """What has come, for `advance()`."""
        self.received += len(data)
        self._inbox += data

    def advance(self, limit_of: LimitOf) -> bool:
        """Whether a thread has something to do now: a whole request, or one to be refused.

        `limit_of(method, path)`: how many bytes of a body are waited for. Raises Full, or OSError of the disk.
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
        self.parser = Asked(parser, received)
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
        most = self._limit + EXCESS_BYTES
        if framing.content > most or len(self._body) > 2 * most:
            self.whole = False
            next(self.parser).force_close()  # the application sees that it is too large
            return True
        return framing.done

    def refuse(self, error: Exception) -> None:
        """A thread answers for it, and the connection ends."""
        self.whole = False
        self.parser.refusal = error

    def answered(self, keep: bool) -> None:
        """The thread is done: nothing of the request stays."""
        self.keep = keep and self.whole
        self.parser = None
        self._framing = None
        self._searched = 0
        self._body.clear()
        self.enter(State.SENDING)

    def announce_end(self) -> None:
        """The answer to what is here will be the last, and says so where its head has not left yet."""
        if self.parser is not None:
            self.parser.announce_end()

    def next_request(self, seconds: float) -> None:
        """The connection is kept for another one, for so long."""
        self.keep = self.whole = False
        self.enter(State.IDLE, seconds)

    def leave(self) -> None:
        """Nothing that still comes is a request."""
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
