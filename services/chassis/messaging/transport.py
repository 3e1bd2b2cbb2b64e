"""Buffered reads and writes for a consumer's connection, and messages whose bodies are not decoded.

py-amqp makes three system calls to read a frame, nine for a delivery, and writes every frame alone: a reply and its
acknowledgement are two packets. docs/adr/0011 has the figures.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from typing import Any

import eventlet
from kombu.transport import pyamqp

log = logging.getLogger(__name__)

CHUNK = 65_536


class Incoming:
    """Replaces a socket's `recv(n)`: reads up to CHUNK bytes at once, and returns up to `n` of them."""

    def __init__(self, recv: Callable[[int], bytes]) -> None:
        self._recv = recv
        self._chunk = b""
        self._taken = 0

    def __call__(self, most: int) -> bytes:
        if self._taken == len(self._chunk):
            self._chunk, self._taken = self._recv(CHUNK), 0
        piece = self._chunk[self._taken : self._taken + most]
        self._taken += len(piece)
        return piece


class Outgoing:
    """Replaces a socket's `sendall`: what greenlets write before the hub runs again is sent together, in order.

    After a failure the socket is shut, so that the reader notices, and every later write raises the failure. A broker
    that is out of memory stops reading: `full` is true once `limit` bytes wait. Writing is still possible then, since
    part of a frame may not be left out; callers ask `full` before a frame that may be lost.
    """

    def __init__(self, sendall: Callable[[bytes], None], sock: socket.socket, limit: int) -> None:
        self._sendall = sendall
        self._sock = sock
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._limit = limit
        self._flushing = False
        self._failure: OSError | None = None

    @property
    def full(self) -> bool:
        return self._bytes >= self._limit

    def __call__(self, data: bytes | memoryview) -> None:
        if self._failure is not None:
            raise self._failure
        self._bytes += len(data)
        self._waiting.append(bytes(data))  # py-amqp uses its buffer again
        if not self._flushing:
            self._flushing = True
            eventlet.spawn_n(self._flush)

    def drain(self, seconds: float) -> None:
        """Waits at most `seconds` until everything written is sent."""
        with eventlet.Timeout(seconds, False):
            while self._flushing:
                eventlet.sleep(0.001)

    def _flush(self) -> None:
        try:
            while self._waiting:
                data = b"".join(self._waiting)
                self._waiting.clear()
                self._sendall(data)
                self._bytes -= len(data)
        except OSError as error:
            self._failure = error
            log.info("connection lost while writing", extra={"error": type(error).__name__})
            self._shut()
        finally:
            self._flushing = False

    def _shut(self) -> None:
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def buffer(transport: Any, limit: int) -> Outgoing:
    """Replaces the read and write functions of a connected py-amqp transport by `Incoming` and `Outgoing`."""
    outgoing = Outgoing(transport._write, transport.sock, limit)
    transport._quick_recv, transport._write = Incoming(transport._quick_recv), outgoing
    return outgoing


def is_full(transport: Any) -> bool:
    """Whether so much waits to be written that messages which may be lost should be dropped; see `Outgoing`."""
    outgoing = transport._write
    return isinstance(outgoing, Outgoing) and outgoing.full


class RawMessage(pyamqp.Message):
    """A message whose body kombu does not decompress. Otherwise it obeys the header `compression`, whatever the size of
    the result, and acknowledges and logs a body that it cannot decompress."""

    def __init__(self, message: Any, channel: Any = None, **options: Any) -> None:
        (message.headers or {}).pop("compression", None)
        super().__init__(message, channel, **options)


def take_raw_bodies(channel: Any) -> Any:
    """Makes the channel deliver bodies as bytes, neither decompressed nor decoded, and returns it."""
    channel.auto_decode = False
    channel.Message = RawMessage
    return channel
