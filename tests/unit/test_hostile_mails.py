"""Row N10: mails that are written to harm cost little, are kept all the same, and speak for nobody else."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from services.notifications.mailboxes.model import is_certain
from services.notifications.mailboxes.parsing.html import text_of
from services.notifications.mailboxes.parsing.mail import mail_of
from services.notifications.mailboxes.parsing.own_process import UNREAD, read
from services.notifications.mailboxes.parsing.quoting import split_quoted

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
HEAD = b"From: rita@c.example\r\nSubject: Oi\r\nMessage-ID: <1@c.example>\r\n"
NESTED = b"Content-Type: message/rfc822\r\n\r\n"


def processor(seconds: float, work: object) -> None:
    """Fails where the work takes more of the processor."""
    began = time.process_time()
    assert callable(work)
    work()
    assert time.process_time() - began < seconds


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Type: text/plain; charset*=utf-8''x\r\n\r\nol\xe9",
        HEAD + b'Content-Type: text/plain; charset="a\x00b"\r\n\r\nol\xe9',
        HEAD + b"Content-Type: text/plain; charset=idna\r\n\r\nol\xe9",
        HEAD + NESTED * 1_000 + b"\r\nfim",
        HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2_000)),
    ],
)
def test_a_mail_that_no_parser_gets_through_is_a_message_with_itself_as_its_file(raw: bytes) -> None:
    mail = read(raw, NOW)
    assert (mail.subject, mail.sender, mail.sent_at) == (UNREAD, "", NOW)
    assert [(one.name, one.content) for one in mail.files] == [("mensagem.eml", raw)]
    assert read(raw, NOW).message_id == mail.message_id


def test_a_mail_that_takes_the_processor_for_itself_takes_it_from_nobody() -> None:
    endless = HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"-".join([b"a" * 400_000, b"z" * 400_000])
    processor(1, lambda: read(endless, NOW, cpu_seconds=1))
    assert read(endless, NOW, cpu_seconds=1).subject == UNREAD


def test_an_ordinary_mail_comes_back_whole() -> None:
    raw = (
        HEAD + b"Date: Tue, 24 Nov 2026 11:00:00 -0300\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
        b"Segue.\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF\r\n--b--\r\n"
    )
    assert read(raw, NOW) == mail_of(raw, NOW)
    assert [one.content for one in read(raw, NOW).files] == [b"%PDF"]


def test_texts_that_are_quoted_without_end_or_have_no_end_cost_little() -> None:
    processor(3, lambda: text_of("<blockquote>" * 250 + "x<br>" * 2_000))
    processor(0.5, lambda: split_quoted("a" + "\n " * 99_000))


@pytest.mark.parametrize(
    ("written", "sender", "name"),
    [
        (b"=?utf-8?q?rita=40mail.example=2C?= <mallory@mail.example>", "mallory@mail.example", "rita@mail.example,"),
        (b"=?utf-8?b?cml0YUBtYWlsLmV4YW1wbGU+LA==?= <mallory@mail.example>", "mallory@mail.example",
         "rita@mail.example>,"),
        (b"=?utf-8?q?Jos=C3=A9=2C_da_Padaria?= <jose@mail.example>", "jose@mail.example", "José, da Padaria"),
    ],
)  # fmt: skip
def test_what_a_name_spells_is_no_address(written: bytes, sender: str, name: str) -> None:
    mail = mail_of(b"From: " + written + b"\r\n\r\nOi", NOW)
    assert (mail.sender, mail.sender_name) == (sender, name)


def test_nobody_is_vouched_for_who_writes_as_two() -> None:
    said = b"Authentication-Results: mx.example; dmarc=pass header.from=mail.example\r\n"
    two = mail_of(said + b"From: rita@mail.example, mallory@mail.example\r\n\r\nOi", NOW)
    assert not is_certain(two.sender, "mx.example", two.vouched)
    one = mail_of(said + b"From: Rita <rita@mail.example>\r\n\r\nOi", NOW)
    assert is_certain(one.sender, "mx.example", one.vouched)
