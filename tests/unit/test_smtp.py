"""The connection to the mail server."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading

import pytest

from services.notifications.model import Watch, delivery_for
from services.notifications.smtp import Mailer

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
ENTRY = {
    "person_id": "p1",
    "attendance_id": "a1",
    "person_name": "José",
    "title": "Dúvida",
    "text": "Ligou.",
    "author_name": "Bia",
}
DELIVERY = delivery_for("e1", ENTRY, Watch("u1", "Ana", "ana@x.com", "p1", NOW), NOW)


def asked_name(listener: socket.socket, starttls: bool, asked: list[str | None]) -> None:
    """Of one client: the server's name in its TLS greeting, which we then break off, for we have no certificate."""
    client, _ = listener.accept()
    with client:
        if starttls:
            client.sendall(b"220 x\r\n")
            client.recv(1000)
            client.sendall(b"250-x\r\n250 STARTTLS\r\n")
            client.recv(1000)
            client.sendall(b"220 go\r\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = lambda _, name, __: asked.append(name)
        try:
            context.wrap_socket(client, server_side=True)
        except OSError:
            pass


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_tls_asks_for_the_name_of_the_mail_server(scheme: str) -> None:
    asked: list[str | None] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        arguments = (listener, scheme == "smtp+starttls", asked)
        server = threading.Thread(target=asked_name, args=arguments, daemon=True)
        server.start()
        mailer = Mailer(f"{scheme}://localhost:{listener.getsockname()[1]}", "vinculo@x.com", 10)
        with pytest.raises(OSError, match=r"SSL|TLS"):
            mailer.send(DELIVERY)
        server.join(10)
    assert asked == ["localhost"]
