"""Fewer system calls on a consumer's connection: one read for what has arrived, one write for what was said meanwhile;
and bodies as they came.

py-amqp reads each frame in three pieces, nine for a delivery, and writes every frame alone; a reply and its
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
    """Stands for a socket's `recv(n)`: asks the socket for as much as there is, and hands out up to `n` bytes."""

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
    """Stands for a socket's `sendall`: what greenlets write before the hub runs again leaves together, in order.

    After a failure the socket is shut, so that the reader notices, and every later write raises it. A broker that takes
    nothing (it does so when it runs out of memory) makes it `full`: at `limit` bytes. What must not be lost is written
    all the same, for half of a protocol's frame may not be left out.
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
        """Waits for what is written to leave; a silent broker is not waited for longer than `seconds`."""
        with eventlet.Timeout(seconds, False):
            while self._flushing:
                eventlet.sleep(0.001)

    def _flush(self) -> None:
        try:
            while self._waiting:
                together = b"".join(self._waiting)
                self._waiting.clear()
                self._sendall(together)
                self._bytes -= len(together)
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
    """Replaces reading and writing of a connected py-amqp transport by `Incoming` and `Outgoing`."""
    outgoing = Outgoing(transport._write, transport.sock, limit)
    transport._quick_recv, transport._write = Incoming(transport._quick_recv), outgoing
    return outgoing


def is_full(transport: Any) -> bool:
    """Whether so much waits to be written that messages which may be lost should be dropped."""
    outgoing = transport._write
    return isinstance(outgoing, Outgoing) and outgoing.full


class Untouched(pyamqp.Message):
    """A message whose body nobody unpacks: kombu would do what the header `compression` says, however much comes out,
    and would acknowledge and log what does not unpack."""

    def __init__(self, message: Any, channel: Any = None, **options: Any) -> None:
        (message.headers or {}).pop("compression", None)
        super().__init__(message, channel, **options)


def take_as_is(channel: Any) -> Any:
    """The channel, which gives bodies as they came from now on: neither unpacked nor decoded, whatever their sender
    says that they are."""
    channel.auto_decode = False
    channel.Message = Untouched
    return channel
