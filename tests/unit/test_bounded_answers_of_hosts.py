"""A host that never stops talking leaves no wait in which a deadline could pass, so what it may say is bounded."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator

import pytest

from services.notifications.mail.smtp import Server, try_sign_in
from services.notifications.outbound.addresses import Reach
from services.notifications.outbound.https import exchange

SECONDS = 30.0


@contextlib.contextmanager
def talker(said: bytes) -> Iterator[int]:
    """The port of a host that says it to its one client, again and again."""

    def talk() -> None:
        client, _ = listener.accept()
        with client, contextlib.suppress(OSError):
            while True:
                client.sendall(said * 1_000)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=talk, daemon=True).start()
        yield listener.getsockname()[1]


def test_a_host_that_only_announces_its_answer_is_left() -> None:
    with (
        talker(b"HTTP/1.1 100 Continue\r\n\r\n") as port,
        pytest.raises(http.client.HTTPException, match="interim"),
    ):
        exchange("POST", f"http://127.0.0.1:{port}/", b"x", {}, Reach.of(["127.0.0.1"]), SECONDS)


def test_a_mail_server_that_never_ends_its_greeting_is_left() -> None:
    with talker(b"220-x\r\n") as port:
        failure = try_sign_in(Server("127.0.0.1", port), SECONDS)
    assert failure is not None
    assert failure.code == "SMTPServerDisconnected"
