"""Row N10: what is read in a mailbox over IMAP, and that a server which says nothing holds up nobody else."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import subprocess
import sys
import threading

import pytest

from services.chassis.jobs.deadline import DeadlinePassed
from services.notifications.accounts.model import STARTTLS, TLS
from services.notifications.mail.smtp import Server
from services.notifications.mailboxes.diagnosing import trouble_of
from services.notifications.mailboxes.model import MOST_BYTES
from services.notifications.mailboxes.reading import (
    AT_ONCE,
    HEADERS_AFTER,
    OVER_AFTER,
    TROUBLE,
    Look,
    NotFetched,
    look,
    try_sign_in,
)
from services.notifications.mailboxes.troubles import SENTENCES, sentence_of
from services.notifications.outbound.addresses import Reach
from tests.support.fakes.imap_server import ImapServer
from tests.support.stack.system import ROOT

MAIL = b"Subject: um\n\ncorpo\n"


def server_of(box: ImapServer, password: str | None = None, host: str = "127.0.0.1") -> Server:
    reach = Reach.of(["127.0.0.1"])
    return Server(host, box.port, username=box.user, password=password or box.password, reach=reach)


def looked(box: ImapServer, validity: int | None = 1, last_uid: int = 0, stuck: int = 0) -> Look:
    return look(server_of(box), "INBOX", validity, last_uid, 5, stuck)


def test_the_first_look_takes_nothing_and_the_next_what_came_since() -> None:
    with contextlib.closing(ImapServer()) as box:
        box.deliver(MAIL)
        assert looked(box, None) == Look(1, 1)
        assert looked(box, 1, 1) == Look(1, 1)
        box.deliver(MAIL)
        found = looked(box, 1, 1)
        assert (found.last_uid, [one.uid for one in found.mails], found.more) == (2, [2], False)
        assert found.mails[0].raw == MAIL.replace(b"\n", b"\r\n")


def test_many_are_read_in_turns_and_after_new_numbers_all_of_the_last_days_again() -> None:
    with contextlib.closing(ImapServer()) as box:
        for _ in range(AT_ONCE + 1):
            box.deliver(MAIL)
        found = looked(box)
        assert (len(found.mails), found.last_uid, found.more) == (AT_ONCE, AT_ONCE, True)
        box.uid_validity = 7
        again = looked(box, 1, AT_ONCE)
        assert (again.mails[0].uid, again.uid_validity) == (1, 7)


def test_of_a_mail_that_is_too_large_only_the_headers_are_read() -> None:
    with contextlib.closing(ImapServer(announced=MOST_BYTES + 1)) as box:
        box.deliver(MAIL)
        (mail,) = looked(box).mails
        assert (mail.raw, mail.size, mail.whole) == (b"Subject: um\r\n\r\n", MOST_BYTES + 1, False)


def test_a_mail_at_which_the_server_fails_holds_up_neither_those_before_it_nor_for_good_those_after() -> None:
    with contextlib.closing(ImapServer()) as box:
        for _ in range(4):
            box.deliver(MAIL)
        box.fails_whole, box.fails_at = {2}, {3}
        before = looked(box)
        assert ([one.uid for one in before.mails], before.last_uid, before.more) == ([1], 1, True)
        with pytest.raises(NotFetched):
            looked(box, 1, 1, HEADERS_AFTER - 1)
        headers = looked(box, 1, 1, HEADERS_AFTER)
        assert [(one.uid, one.raw, one.whole) for one in headers.mails] == [(2, b"Subject: um\r\n\r\n", False)]
        with pytest.raises(NotFetched):
            looked(box, 1, 2, OVER_AFTER - 1)
        after = looked(box, 1, 2, OVER_AFTER)
        assert [(one.uid, one.raw is None) for one in after.mails] == [(3, True), (4, False)]
        assert (after.last_uid, after.more) == (4, False)


def test_fifty_thousand_old_mails_cost_no_look_at_them() -> None:
    with contextlib.closing(ImapServer()) as box:
        box.mails = dict.fromkeys(range(1, 50_001), MAIL)
        assert looked(box, None) == Look(1, 50_000)
        assert not [one for one in box.commands if "SEARCH" in one or "FETCH" in one]
        box.deliver(MAIL)
        assert [one.uid for one in looked(box, 1, 50_000).mails] == [50_001]


def test_a_wrong_password_a_missing_folder_and_an_inner_host_are_told_apart() -> None:
    with contextlib.closing(ImapServer()) as box:
        assert try_sign_in(server_of(box), "INBOX", 5) is None
        assert try_sign_in(server_of(box, "errada"), "INBOX", 5) == "account_refused"
        assert try_sign_in(server_of(box), "Outra", 5) == "folder_missing"
        assert try_sign_in(server_of(box, host="10.0.0.1"), "INBOX", 5) == "host_private"


WORDS = b"de rita@cliente.example, senha secreta"


@pytest.mark.parametrize(
    ("word", "answer", "trouble"),
    [
        ("login", b"NO [AUTHENTICATIONFAILED] ", "account_refused"),
        ("login", b"NO ", "account_refused"),
        ("login", b"NO [UNAVAILABLE] ", "server_busy"),
        ("login", b"NO [LIMIT] ", "quota_exceeded"),
        ("login", b"NO [PRIVACYREQUIRED] ", "tls_failed"),
        ("login", b"", "server_unreached"),
        ("examine", b"NO [NONEXISTENT] ", "folder_missing"),
        ("examine", b"NO ", "folder_missing"),
        ("examine", b"NO [OVERQUOTA] ", "quota_exceeded"),
        ("examine", b"NO [INUSE] ", "server_busy"),
        ("examine", b"", "server_unreached"),
        ("uid", b"NO [SERVERBUG] ", "server_busy"),
        ("uid", b"BAD ", "server_refused"),
        ("uid", b"", "server_unreached"),
    ],
)
def test_each_trouble_has_a_code_and_a_sentence_and_no_word_of_the_server(
    word: str, answer: bytes, trouble: str
) -> None:
    with contextlib.closing(ImapServer()) as box:
        box.deliver(MAIL)
        box.answers[word] = answer + WORDS if answer else b""
        with pytest.raises(TROUBLE) as error:
            looked(box)
        assert trouble_of(error.value) == trouble
        assert not any(part in sentence_of(trouble) for part in ("rita", "secreta"))


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (ssl.SSLCertVerificationError("rita"), "certificate_refused"),
        (ssl.SSLError("rita"), "tls_failed"),
        (DeadlinePassed("5 s"), "server_silent"),
        (ConnectionRefusedError("rita"), "server_unreached"),
        (ValueError("rita"), "answer_unreadable"),
    ],
)
def test_a_trouble_below_the_protocol_has_its_code_too(error: Exception, trouble: str) -> None:
    assert trouble_of(error) == trouble
    assert set(SENTENCES) >= {trouble}


def asked_name(listener: socket.socket, starttls: bool, asked: list[str | None]) -> None:
    """Of one client: the server's name in its TLS greeting, which we then break off, for we have no certificate."""
    client, _ = listener.accept()
    with client, contextlib.suppress(OSError):
        if starttls:
            client.sendall(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] x\r\n")
            tag = client.recv(1000).split()[0]
            client.sendall(b"* CAPABILITY IMAP4rev1 STARTTLS\r\n" + tag + b" OK x\r\n")
            client.sendall(client.recv(1000).split()[0] + b" OK x\r\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = lambda _, name, __: asked.append(name)
        context.wrap_socket(client, server_side=True)


@pytest.mark.parametrize("security", [TLS, STARTTLS])
def test_tls_asks_for_the_name_at_the_address_that_was_checked_and_no_password_goes_without(security: str) -> None:
    asked: list[str | None] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        arguments = (listener, security == STARTTLS, asked)
        threading.Thread(target=asked_name, args=arguments, daemon=True).start()
        port, reach = listener.getsockname()[1], Reach.of(["localhost"])
        server = Server("localhost", port, security, "x", "x", reach)
        with pytest.raises(OSError, match=r"SSL|TLS|reset"):
            look(server, "INBOX", None, 0, 5)
    assert asked == ["localhost"]


def test_a_silent_server_does_not_stop_the_other_greenlets() -> None:
    command = [sys.executable, "-m", "tests.support.stack.green_checks", "silent-mailbox"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    found = json.loads(done.stdout)
    assert found["errors"] == ["DeadlinePassed"] * 5
    assert found["seconds"] < 8
    assert found["ticks"] > found["seconds"] / 0.02 / 4, found


def rubbish(listener: socket.socket, examined: bytes, searched: bytes, endless: bool) -> None:
    """Answers one client's EXAMINE and SEARCH so; `endless`: it never stops talking after the sign-in."""
    client, _ = listener.accept()
    with client, contextlib.suppress(OSError), client.makefile("rb") as lines:
        client.sendall(b"* OK [CAPABILITY IMAP4rev1] x\r\n")
        for line in lines:
            tag, _, command = line.strip().partition(b" ")
            while endless and command.startswith(b"EXAMINE"):
                client.sendall(b"* OK x\r\n" * 10_000)
            said = {b"EXAMINE": examined, b"UID": searched}.get(command.split(b" ")[0], b"")
            client.sendall(said + tag + b" OK x\r\n")


WELL = b"* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 9] x\r\n"


@pytest.mark.parametrize(
    ("examined", "searched", "endless"),
    [
        (b"", b"", False),
        (b"* OK [UIDVALIDITY 99999999999999999999] x\r\n", b"", False),
        (WELL, b"* SEARCH 99999999999999999999\r\n", False),
        (WELL, b"* SEARCH x\r\n", False),
        (WELL, b"* SEARCH 3\r\n* 1 FETCH " + b"(" * 20_000 + b"\r\n", False),
        (b"", b"", True),
    ],
)
def test_a_server_that_answers_rubbish_is_the_mailboxs_own_trouble(
    examined: bytes, searched: bytes, endless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notifications.mailboxes.reading.MOST_SAID", 1 << 20)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=rubbish, args=(listener, examined, searched, endless), daemon=True).start()
        server = Server(
            "127.0.0.1", listener.getsockname()[1], username="a", password="b", reach=Reach.of(["127.0.0.1"])
        )
        with pytest.raises(TROUBLE) as told:
            look(server, "INBOX", 1, 2, 5)
    assert not isinstance(told.value, DeadlinePassed)
