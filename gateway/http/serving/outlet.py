"""Stands in for the socket that an answer is written to: bytes that the client does not take at once are buffered here,
so that no thread waits for the client."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable

from gateway.http.serving.spool import Full, Spool

PART_BYTES = 64 << 10
# Parts sent to one connection before the others have their turn.
PARTS = 16


class Outlet:
    """Shared by the thread that makes the answer and the poller that sends the rest of it."""

    def __init__(self, raw: socket.socket, unsent: Spool, unsent_bytes: int, wake: Callable[[], None]) -> None:
        """`wake` asks the poller to `flush()` when the client takes more; beyond `unsent_bytes` the thread waits."""
        self._raw, self._unsent, self._most, self._wake = raw, unsent, unsent_bytes, wake
        self._room = threading.Condition()
        self.sent = 0
        self.broken = False

    def __len__(self) -> int:
        """Bytes that the client has not taken."""
        return len(self._unsent)

    def sendall(self, data: bytes) -> None:
        """Raises BrokenPipeError when the client has gone or takes nothing."""
        with self._room:
            self._room.wait_for(lambda: self.broken or len(self._unsent) < self._most)
            rest = memoryview(data)
            if not len(self._unsent):
                rest = rest[self._send(rest) :]
                if rest:
                    self._keep(rest)
                    self._wake()
            else:
                self._keep(rest)
            if self.broken:
                raise BrokenPipeError(errno.EPIPE, "the client does not take its answer")

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def flush(self) -> bool:
        """Sends what the client takes now; True when nothing waits any more."""
        with self._room:
            for _ in range(PARTS):
                part = self._unsent.peek(PART_BYTES)
                sent = self._send(part) if part else 0
                if not self.broken:
                    self._unsent.skip(sent)
                if sent < PART_BYTES:
                    break
            self._room.notify_all()
            return not len(self._unsent)

    def break_off(self) -> None:
        """Drops the rest of the answer; the thread gets BrokenPipeError when it writes again."""
        with self._room:
            self._end()

    def _send(self, data: bytes | memoryview) -> int:
        if self.broken:
            return 0
        try:
            sent = self._raw.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self._end()
            return 0
        self.sent += sent
        return sent

    def _keep(self, data: memoryview) -> None:
        if self.broken:
            return
        try:
            self._unsent.write(data)
        except (Full, OSError):
            self._end()

    def _end(self) -> None:
        self.broken = True
        self._unsent.clear()
        self._room.notify_all()

    # The other methods of a socket that gunicorn calls. Nothing blocks, and only the poller ends a connection.

    def setblocking(self, flag: bool) -> None: ...

    def settimeout(self, seconds: float | None) -> None: ...

    def gettimeout(self) -> float:
        return 0.0

    def shutdown(self, how: int) -> None:
        raise OSError(errno.ENOTCONN, "ended by the poller")

    def close(self) -> None: ...
