"""The consumer's connection in fewer system calls: nothing lost, nothing out of order
(chassis/messaging/transport.py)."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import eventlet
import pytest
from amqp.transport import SSLTransport, TCPTransport
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from services.chassis.messaging.delivery import reply
from services.chassis.messaging.transport import Incoming, Outgoing
from tests.support.stack.wire_keys import WireKeys


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), min_size=1), st.integers(1, 60))
def test_what_comes_out_in_pieces_is_what_came_in(stream: bytes, sizes: list[int], at_once: int) -> None:
    arriving = io.BytesIO(stream)
    recv = Incoming(lambda most: arriving.read(min(most, at_once)))
    got, turn = b"", 0
    while piece := recv(sizes[turn % len(sizes)]):
        assert len(piece) <= sizes[turn % len(sizes)]
        got, turn = got + piece, turn + 1
    assert got == stream


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_writes_before_the_next_turn_leave_together_and_in_order(pair: tuple[socket.socket, socket.socket]) -> None:
    sent: list[bytes] = []
    write = Outgoing(sent.append, pair[0], 1000)
    reused = bytearray(b"reply")
    write(memoryview(reused))
    reused[:] = b"-----"
    write(b"acknowledgement")
    assert sent == []
    write.drain(1)
    write(b"next")
    write.drain(1)
    assert sent == [b"replyacknowledgement", b"next"]


def test_a_failed_write_shuts_the_socket_and_is_raised_by_later_ones(pair: tuple[socket.socket, socket.socket]) -> None:
    def broken(data: bytes) -> None:
        raise BrokenPipeError

    write = Outgoing(broken, pair[0], 1000)
    write(b"reply")
    write.drain(1)
    assert pair[1].recv(1) == b""
    with pytest.raises(BrokenPipeError):
        write(b"another")


def test_a_silent_broker_is_not_waited_for(pair: tuple[socket.socket, socket.socket]) -> None:
    silent = eventlet.event.Event()
    write = Outgoing(lambda data: silent.wait(), pair[0], 1000)
    write(b"reply")
    write.drain(0.05)
    assert not silent.ready()


def test_replies_for_a_broker_that_takes_nothing_are_kept_to_a_bound_and_counted(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    takes_again, sent = eventlet.event.Event(), bytearray()

    def blocked(data: bytes) -> None:
        takes_again.wait()
        sent.extend(data)

    transport = SimpleNamespace(_write=Outgoing(blocked, pair[0], 1000))
    message, keys = MagicMock(headers={}), WireKeys().ring("people")
    message.channel.connection.transport = transport
    message.channel.send_method.side_effect = lambda *args: transport._write(args[3].body)
    before = REGISTRY.get_sample_value("vinculo_replies_dropped_total") or 0.0
    for turn in range(100):
        eventlet.sleep(0)
        reply(message, b"x" * 300, keys)
        assert transport._write._bytes <= 1000 + 300, turn
    assert message.channel.send_method.call_count == 4
    assert REGISTRY.get_sample_value("vinculo_replies_dropped_total") == before + 96
    transport._write(b"acknowledgement")
    takes_again.send()
    transport._write.drain(1)
    assert bytes(sent) == b"x" * 1200 + b"acknowledgement"
    reply(message, b"x", keys)
    assert message.channel.send_method.call_count == 5


@pytest.mark.parametrize("transport", [TCPTransport, SSLTransport])
def test_the_library_still_has_what_is_replaced(transport: Any) -> None:
    assert "_quick_recv" in transport._read.__code__.co_names
    assert "_write" in transport.write.__code__.co_names
