"""Row N10: what Outlook wraps in a winmail.dat comes out of it; what is broken stays the file that it is."""

from __future__ import annotations

import base64
import datetime as dt
import struct
import time

import pytest

from services.notifications.mailboxes.parsing.mail import Mail, mail_of
from services.notifications.mailboxes.parsing.own_process import read
from services.notifications.mailboxes.parsing.tnef import unwrapped
from tests.support.builders.winmail import BEGIN, MESSAGE, PROPERTIES, Attached, Winmail, attribute

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
HEAD = b"From: rita@c.example\r\nSubject: Oi\r\nMessage-ID: <1@c.example>\r\n"
RTF = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}Preço e condi\'e7\'f5es,\par segue.\par}"
PDF = Attached("Orçamento – versão 2.pdf", b"%PDF-1.4 \0\0", media_type="application/pdf")


def alone(winmail: bytes, kind: str = "application/ms-tnef; name=winmail.dat") -> bytes:
    """A mail that is nothing else."""
    coded = base64.encodebytes(winmail)
    return HEAD + f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + coded


def beside(text: bytes, winmail: bytes) -> bytes:
    parts = b"--b\r\n\r\n" + text + b"\r\n--b\r\n" + alone(winmail).removeprefix(HEAD) + b"\r\n--b--\r\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts


def files(mail: Mail) -> list[tuple[str, str, bytes]]:
    return [(one.name, one.media_type, one.content) for one in mail.files]


@pytest.mark.parametrize(
    ("wrapped", "text"),
    [
        (Winmail(rtf=RTF), "Preço e condições,\nsegue."),
        (Winmail(plain="Olá – tudo bem?"), "Olá – tudo bem?"),
        (Winmail(html="<p>Olá</p><p>É isso</p>".encode()), "Olá\n\nÉ isso"),
        (Winmail(html="<p>Preço</p>".encode("cp1252")), "Preço"),
        (Winmail(plain="Um só", html=b"<p>Dois</p>"), "Um só"),
    ],
)
def test_the_text_of_a_mail_without_another_comes_out(wrapped: Winmail, text: str) -> None:
    assert mail_of(alone(bytes(wrapped)), NOW).text == text


def test_the_mails_own_text_goes_before_and_the_files_come_out_with_their_long_names() -> None:
    wrapped = Winmail(RTF, files=[PDF, Attached("ações.xlsx", b"PK", code_page="cp1252")])
    mail = mail_of(beside(b"Segue a proposta.", bytes(wrapped)), NOW)
    assert mail.text == "Segue a proposta."
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert files(mail) == [(PDF.name, "application/pdf", PDF.content), ("ações.xlsx", sheet, b"PK")]


def test_a_file_without_a_long_name_has_its_short_one_and_one_of_another_type_is_known_by_its_name() -> None:
    wrapped = bytes(
        Winmail(plain="x", files=[Attached("", b"1", "AÇÃO~1.TXT".encode("cp1252")), Attached("", b"2", b"")])
    )
    mail = mail_of(alone(wrapped, "application/octet-stream; name=WINMAIL.DAT"), NOW)
    assert files(mail) == [("AÇÃO~1.TXT", "text/plain", b"1"), ("anexo", "application/octet-stream", b"2")]


def test_a_message_within_is_its_text_and_its_files() -> None:
    inner = Winmail(plain="O CNPJ está errado.", files=[PDF])
    wrapped = Winmail(plain="Veja.", files=[Attached("Nota", message=bytes(inner))])
    mail = mail_of(alone(bytes(wrapped)), NOW)
    assert [one[:2] for one in files(mail)] == [("Nota.txt", "text/plain"), (PDF.name, "application/pdf")]
    assert mail.files[0].content.decode() == "O CNPJ está errado."


@pytest.mark.parametrize("depth", [10, 500])
def test_messages_in_messages_without_end_are_a_file_in_the_end(depth: int) -> None:
    wrapped = Winmail(plain="fundo")
    for _ in range(depth):
        wrapped = Winmail(files=[Attached("x", message=bytes(wrapped))])
    mail = read(alone(bytes(wrapped)), NOW)
    assert (mail.sender, [one.name for one in mail.files]) == ("rita@c.example", ["winmail.dat"])


WHOLE = bytes(Winmail(RTF, "texto", b"<p>x</p>", [PDF]))


@pytest.mark.parametrize("broken", [b"", b"x", BEGIN[:5], b"PK" + WHOLE, BEGIN + b"\xff" * 400])
def test_what_is_none_stays_the_file_that_it_is(broken: bytes) -> None:
    mail = mail_of(beside(b"Segue.", broken), NOW)
    assert mail.text == "Segue."
    assert [one.content for one in mail.files] == [broken][: bool(broken)]


def test_cut_or_changed_anywhere_it_costs_nothing_and_raises_nothing() -> None:
    began = time.process_time()
    for place in range(len(WHOLE)):
        unwrapped(WHOLE[:place])
        for changed in (b"\xff" * 4, b"\xff\xff", bytes(4)):
            unwrapped(WHOLE[:place] + changed + WHOLE[place + len(changed) :])
    assert time.process_time() - began < 10


def test_one_that_is_cut_off_stays_whole() -> None:
    mail = mail_of(beside(b"Segue.", WHOLE[:-40]), NOW)
    assert files(mail) == [("winmail.dat", "application/ms-tnef", WHOLE[:-40])]


def test_what_other_programs_write_at_its_end_is_left_out() -> None:
    found = unwrapped(WHOLE + b"\0\0lixo")
    assert found == unwrapped(WHOLE)
    assert found is not None
    assert found.plain == "texto"


@pytest.mark.parametrize("size", [1_100_000, 300_000])
def test_a_text_that_is_too_long_is_left_out_and_the_files_come(size: int) -> None:
    """Its length is what it says, or what it has."""
    found = unwrapped(bytes(Winmail("{\\rtf1 " + "x" * size + "}", files=[PDF])))
    assert found is not None
    assert (found.plain, [one.name for one in found.files]) == ("", [PDF.name])


@pytest.mark.parametrize(
    "harmful",
    [
        BEGIN + attribute(MESSAGE, 0x8020, 0, b"xx") * 800_000,
        BEGIN + attribute(MESSAGE, PROPERTIES, 6, b"\xff" * 4 + bytes(8_000_000)),
        BEGIN + attribute(MESSAGE, PROPERTIES, 6, struct.pack("<IHHI", 1, 0x1002, 1, 0xFFFFFFFF)),
        BEGIN + attribute(MESSAGE, PROPERTIES, 6, struct.pack("<IHHI", 1, 0x1E, 1, 0xFFFFFFFF) + bytes(400_000)),
    ],
)
def test_what_is_written_to_harm_costs_little(harmful: bytes) -> None:
    began = time.process_time()
    assert unwrapped(harmful) is None
    assert time.process_time() - began < 2


def test_one_of_eighteen_megabytes_comes_out() -> None:
    wrapped = Winmail(files=[Attached(f"{number}.bin", bytes(1 << 20)) for number in range(18)])
    mail = read(alone(bytes(wrapped)), NOW)
    assert [len(one.content) for one in mail.files] == 18 * [1 << 20]
