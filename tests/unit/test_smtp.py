"""The connection to the mail server."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

import eventlet
import pytest

from services.notifications.deliveries.model import Delivery, Failure
from services.notifications.mail import smtp
from services.notifications.mail.smtp import Mailer, Server
from services.notifications.mail.transport import Failed
from services.notifications.watching.model import Watch, delivery_for
from tests.support.fakes.slow_smtp import SlowSmtp, Visit
from tests.support.stack.ports import wait_for

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
        mailer = Mailer(Server.at(f"{scheme}://localhost:{listener.getsockname()[1]}"), "vinculo@x.com", 10)
        with pytest.raises(Failed, match=r"SSL|TLS|ConnectionReset"):
            mailer.send(DELIVERY)
        server.join(10)
    assert asked == ["localhost"]


def mail(number: int) -> Delivery:
    return delivery_for(f"e{number}", ENTRY, Watch("u1", "Ana", "ana@x.com", "p1", NOW), NOW)


Answer = Callable[[str, Visit], str | None]


@pytest.fixture
def server() -> Iterator[Callable[[Answer], tuple[SlowSmtp, Mailer]]]:
    """Makes a server that answers so, and a sender of mails to it."""
    made: list[SlowSmtp] = []

    def make(answer: Answer = lambda command, visit: None) -> tuple[SlowSmtp, Mailer]:
        made.append(SlowSmtp(answer=answer))
        return made[-1], Mailer(Server.at(made[-1].url), "vinculo@x.com", 10)

    yield make
    for one in made:
        one.close()


def ids(*numbers: int) -> list[str]:
    return [mail(number).message_id for number in numbers]


def test_several_mails_go_over_one_connection(server: Callable[..., tuple[SlowSmtp, Mailer]]) -> None:
    at, mailer = server()
    for number in range(3):
        mailer.send(mail(number))
    assert [visit.message_ids for visit in at.visits] == [ids(0, 1, 2)]
    assert at.visits[0].commands == ["EHLO", *3 * ["MAIL", "RCPT", "DATA"]]


def test_a_connection_is_left_politely_after_so_many_mails(
    server: Callable[..., tuple[SlowSmtp, Mailer]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "MAILS_A_CONNECTION", 2)
    at, mailer = server()
    for number in range(3):
        mailer.send(mail(number))
        eventlet.sleep(0)
    assert [visit.message_ids for visit in at.visits] == [ids(0, 1), ids(2)]
    wait_for(lambda: at.visits[0].ended, 5, "the first connection ended")
    assert at.visits[0].commands[-1] == "QUIT"


def test_a_connection_that_nobody_uses_is_left(
    server: Callable[..., tuple[SlowSmtp, Mailer]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "IDLE_SECONDS", 0.05)
    at, mailer = server()
    for number in range(2):
        mailer.send(mail(number))
        eventlet.sleep(0.2)
    wait_for(lambda: all(visit.ended for visit in at.visits), 5, "both connections ended")
    assert [visit.commands[-1] for visit in at.visits] == ["QUIT", "QUIT"]
    assert at.taken() == ids(0, 1)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("said", ["", "421 fechando", "451 depois", "550 mensagens demais nesta conexao"])
def test_a_kept_connection_that_fails_before_the_text_is_replaced_and_the_mail_sent_once(
    server: Callable[..., tuple[SlowSmtp, Mailer]], command: str, said: str
) -> None:
    at, mailer = server(lambda asked, visit: said if asked == command and visit.message_ids else None)
    for number in range(3):
        mailer.send(mail(number))
    assert [visit.message_ids for visit in at.visits] == [ids(0), ids(1), ids(2)]


BREAKS = [
    ("", Failure("SMTPServerDisconnected")),
    ("451 depois", Failure("SMTP 451", "depois", deferred=True)),
    ("554 nao", Failure("SMTP 554", "nao", permanent=True)),
]


@pytest.mark.parametrize(("said", "failure"), BREAKS)
def test_what_fails_after_the_text_has_begun_is_not_sent_again_by_itself(
    server: Callable[..., tuple[SlowSmtp, Mailer]], said: str, failure: Failure
) -> None:
    at, mailer = server(lambda asked, visit: said if asked == "." and len(visit.message_ids) > 1 else None)
    mailer.send(mail(0))
    with pytest.raises(Failed) as failed:
        mailer.send(mail(1))
    assert failed.value.failure == failure
    assert at.taken() == ids(0, 1)
    mailer.send(mail(2))
    assert [visit.message_ids for visit in at.visits] == [ids(0, 1), ids(2)]


@pytest.mark.parametrize(("command", "said", "permanent"), [
    ("RCPT", "550 quem", True), ("MAIL", "550 quem", True), ("DATA", "554 nao", True), (".", "554 nao", True),
    ("RCPT", "450 cheia", False), ("MAIL", "xyz", False),
])  # fmt: skip
def test_a_refused_mail_is_refused_and_the_next_one_is_sent(
    server: Callable[..., tuple[SlowSmtp, Mailer]], command: str, said: str, permanent: bool
) -> None:
    refused = [True]
    at, mailer = server(lambda asked, visit: said if asked == command and refused[0] else None)
    with pytest.raises(Failed) as failed:
        mailer.send(mail(0))
    assert failed.value.failure.permanent is permanent
    refused[0] = False
    mailer.send(mail(1))
    assert at.taken()[-1:] == ids(1)


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(
    server: Callable[..., tuple[SlowSmtp, Mailer]],
) -> None:
    international = delivery_for("e1", ENTRY, Watch("u1", "Ana", "aná@x.com", "p1", NOW), NOW)
    _, mailer = server()
    with pytest.raises(Failed) as failed:
        mailer.send(international)
    assert failed.value.failure.code == "SMTPNotSupportedError"
    at, mailer = server(lambda asked, visit: "250-lento\r\n250 SMTPUTF8" if asked == "EHLO" else None)
    mailer.send(international)
    mailer.send(mail(2))
    assert at.taken() == [international.message_id, *ids(2)]
